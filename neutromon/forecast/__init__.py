"""Pure numerics: the model of neutrophil counts under chemotherapy, its priors, the estimate and the forecast."""
