#!/usr/bin/env bash
# Prove the two commands of the README in a bare Debian root: scripts/prove_setup.sh [FOLDER]. Needs root and debootstrap.
# BINDS names folders of this machine that its pip settings point to (a local package index), separated by spaces.
set -euo pipefail
project="$(cd "$(dirname "$0")/.." && pwd)"
folder="${1:-/var/tmp/neutromon-proof}"
root="$folder/root"
mkdir -p "$folder"
[ -d "$folder/base/usr" ] || debootstrap --variant=minbase --include=python3 bookworm "$folder/base"
if mount | grep -q " $root/"; then echo "Unmount what is below $root first." >&2; exit 1; fi
rm -rf "$root"
cp -a "$folder/base" "$root"
git clone --quiet "$project" "$root/root/neutromon"
if [ -d "$project/../shared" ]; then cp -a "$project/../shared" "$root/root/shared"; fi
# The package index and certificates that this machine is set up with; nothing else of it.
for file in /etc/pip.conf /root/.config/pip/pip.conf /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt /etc/apt/sources.list; do
    if [ -f "$file" ]; then mkdir -p "$root$(dirname "$file")" && cp -L "$file" "$root$file"; fi
done
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/proof.crt"
for part in /etc/apt/apt.conf.d /etc/apt/sources.list.d; do if [ -d "$part" ]; then cp -a "$part/." "$root$part/"; fi; done
for index in ${BINDS:-}; do mkdir -p "$root$index" && mount --bind "$index" "$root$index"; done
mount --bind /dev "$root/dev"; mount -t proc proc "$root/proc"
trap 'for place in /dev /proc ${BINDS:-}; do umount -l "$root$place" 2>/dev/null || true; done' EXIT
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/root LANG=C.UTF-8 PIP_CERT=/etc/ssl/proof.crt ${PIP_INDEX_URL:+PIP_INDEX_URL=$PIP_INDEX_URL} bash -c "cd /root/neutromon && $1"; }
inside 'python3 --version; python3 -c "import venv, ensurepip" 2>&1 | tail -1; ls .venv 2>&1 | tail -1'
for command in 'python3 run.py' 'python3 run.py' 'python3 run.py test' 'python3 run.py test tests/architecture'; do
    echo "== $command"
    start=$(date +%s)
    inside "$command" || echo "EXIT STATUS $?"
    echo "== took $(($(date +%s) - start)) s"
done
