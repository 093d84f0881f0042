/* Transit-compartment model of granulopoiesis: fixed-step RK4 on (ln Prol, T1, T2, T3, Circ) with step-mean drug effects.
 *
 * The same scheme as kernel.py, over many parameter sets ("particles") at once. Arrays are row-major; a row is one node or
 * one step and holds every particle, so that neighbouring lanes read neighbouring numbers. No state, no allocation, no I/O.
 */
#include <math.h>

#define LANES 8
#define FLOOR 1e-4
#define MOST_PRODUCTS 2

#if defined(_WIN32)
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
/* one function per processor generation, chosen when the library is loaded; older compilers do not know the levels */
#if NM_CLONES == 2
#define CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#elif NM_CLONES == 1
#define CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define CLONES
#endif

EXPORT int nm_version(void) { return 1; }

typedef struct {
    double lnp[LANES], t1[LANES], t2[LANES], t3[LANES], c[LANES], g[MOST_PRODUCTS][LANES];
} State;

typedef struct {
    double lnc0[LANES], ktr[LANES], gamma[LANES], kcirc[LANES], gain_p[LANES], gain_m[LANES];
} Own;

/* growth: half, by_count, then ka and k0 of each product */
static inline __attribute__((always_inline)) void rhs(const State *s, const Own *o, const double *e, double inflow, int products,
                                                      const double *depot, const double *growth, State *d)
{
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        double c = s->c[i] > FLOOR ? s->c[i] : FLOOR;
        double fb = exp(o->gamma[i] * (o->lnc0[i] - log(c)));
        double total = 0.0, sp = 1.0, sm = 1.0;
        for (int p = 0; p < products; p++) {
            double g = s->g[p][i];
            total += g;
            d->g[p][i] = growth[2 + 2 * p] * depot[p] - (growth[3 + 2 * p] + growth[1] * s->c[i]) * g;
        }
        if (products) {
            double x = total / (growth[0] + total);
            sp = 1.0 + o->gain_p[i] * x;
            sm = 1.0 + o->gain_m[i] * x;
        }
        double k = o->ktr[i] * sm;
        d->lnp[i] = o->ktr[i] * ((1.0 - e[i]) * fb * sp - sm);
        d->t1[i] = k * (exp(s->lnp[i]) - s->t1[i]);
        d->t2[i] = k * (s->t1[i] - s->t2[i]);
        d->t3[i] = k * (s->t2[i] - s->t3[i]);
        d->c[i] = k * s->t3[i] - o->kcirc[i] * s->c[i] + inflow;
    }
}

static inline __attribute__((always_inline)) void ahead(const State *s, const State *d, double h, int products, State *out)
{
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        out->lnp[i] = s->lnp[i] + h * d->lnp[i];
        out->t1[i] = s->t1[i] + h * d->t1[i];
        out->t2[i] = s->t2[i] + h * d->t2[i];
        out->t3[i] = s->t3[i] + h * d->t3[i];
        out->c[i] = s->c[i] + h * d->c[i];
        for (int p = 0; p < products; p++) out->g[p][i] = s->g[p][i] + h * d->g[p][i];
    }
}

static inline __attribute__((always_inline)) void sum(State *a, const State *b, double w, int products)
{
#pragma omp simd
    for (int i = 0; i < LANES; i++) {
        a->lnp[i] += w * b->lnp[i];
        a->t1[i] += w * b->t1[i];
        a->t2[i] += w * b->t2[i];
        a->t3[i] += w * b->t3[i];
        a->c[i] += w * b->c[i];
        for (int p = 0; p < products; p++) a->g[p][i] += w * b->g[p][i];
    }
}

/* `products` is a constant in each of the three callers below, so that the inner loops become vector code. */
static inline __attribute__((always_inline)) void integrate(int n, int m, const double *particles, const double *step,
                                                            const double *effect, const double *inflow, int products,
                                                            const double *depot, const double *growth, double *circ, double *slope)
{
    for (int first = 0; first < n; first += LANES) {
        int lanes = n - first < LANES ? n - first : LANES;
        Own o;
        State s = {0}, k1 = {0}, k2 = {0}, k3 = {0}, k4 = {0}, mid = {0};
        double e[LANES] = {0};
        for (int i = 0; i < LANES; i++) {
            int at = first + (i < lanes ? i : lanes - 1);
            double c0 = particles[at], ktr = particles[n + at], kcirc = particles[3 * n + at];
            o.lnc0[i] = log(c0);
            o.ktr[i] = ktr;
            o.gamma[i] = particles[2 * n + at];
            o.kcirc[i] = kcirc;
            o.gain_p[i] = particles[4 * n + at];
            o.gain_m[i] = particles[5 * n + at];
            s.c[i] = c0;
            s.t1[i] = s.t2[i] = s.t3[i] = kcirc * c0 / ktr;
            s.lnp[i] = log(s.t1[i]);
        }
        for (int j = 0; j < m; j++) {
            double now[MOST_PRODUCTS] = {0}, half[MOST_PRODUCTS] = {0}, end[MOST_PRODUCTS] = {0};
            int last = j == m - 1;
            double h = last ? 0.0 : step[j], in = last || !inflow ? 0.0 : inflow[j];
            for (int p = 0; p < products; p++) {
                now[p] = depot[p * m + j];
                half[p] = now[p] * exp(-0.5 * h * growth[2 + 2 * p]);
                end[p] = now[p] * exp(-h * growth[2 + 2 * p]);
            }
            for (int i = 0; i < LANES; i++) e[i] = last ? 0.0 : effect[(long)j * n + first + (i < lanes ? i : lanes - 1)];
            rhs(&s, &o, e, in, products, now, growth, &k1);
            for (int i = 0; i < lanes; i++) {
                circ[(long)j * n + first + i] = s.c[i];
                slope[(long)j * n + first + i] = k1.c[i];
            }
            if (last) break;
            ahead(&s, &k1, 0.5 * h, products, &mid);
            rhs(&mid, &o, e, in, products, half, growth, &k2);
            ahead(&s, &k2, 0.5 * h, products, &mid);
            rhs(&mid, &o, e, in, products, half, growth, &k3);
            ahead(&s, &k3, h, products, &mid);
            rhs(&mid, &o, e, in, products, end, growth, &k4);
            sum(&k1, &k2, 2.0, products);
            sum(&k1, &k3, 2.0, products);
            sum(&k1, &k4, 1.0, products);
            sum(&s, &k1, h / 6.0, products);
        }
    }
}

/* particles: circ0, ktr, gamma, kcirc, gain_p, gain_m (6 x n); step: m-1 lengths; effect: (m-1) x n; inflow: m-1 or null;
 * depot: products x m units right after each node; growth as in rhs; circ and slope: m x n, written. */
CLONES EXPORT void nm_integrate(int n, int m, const double *particles, const double *step, const double *effect, const double *inflow,
                                int products, const double *depot, const double *growth, double *circ, double *slope)
{
    if (products == 0)
        integrate(n, m, particles, step, effect, inflow, 0, depot, growth, circ, slope);
    else if (products == 1)
        integrate(n, m, particles, step, effect, inflow, 1, depot, growth, circ, slope);
    else
        integrate(n, m, particles, step, effect, inflow, 2, depot, growth, circ, slope);
}

/* Adds the step-mean effect of dose-only drug release to effect ((m-1) x n): E = lk * A(t) (1 - exp(-k h)) / (h ktr).
 * amount: m doses right at each node; occasion: m indices into the rows of scale (occasions x n, the factor exp(kappa)). */
CLONES EXPORT void nm_release(int n, int m, const double *step, const double *amount, const int *occasion, const double *scale,
                              const double *lk, const double *rate, const double *ktr, double *effect)
{
    for (int first = 0; first < n; first += LANES) {
        int lanes = n - first < LANES ? n - first : LANES;
        double a[LANES] = {0}, k[LANES], f[LANES];
        for (int i = 0; i < LANES; i++) {
            int at = first + (i < lanes ? i : lanes - 1);
            k[i] = rate[at];
            f[i] = lk[at] / ktr[at];
        }
        for (int j = 0; j < m - 1; j++) {
            double h = step[j];
            double *row = effect + (long)j * n + first;
            if (amount[j] != 0.0)
                for (int i = 0; i < lanes; i++) a[i] += amount[j] * scale[(long)occasion[j] * n + first + i];
            double gone[LANES];
#pragma omp simd
            for (int i = 0; i < LANES; i++) {
                double left = exp(-k[i] * h);
                gone[i] = f[i] * a[i] * (1.0 - left) / h;
                a[i] *= left;
            }
            for (int i = 0; i < lanes; i++) row[i] += gone[i];
        }
    }
}
