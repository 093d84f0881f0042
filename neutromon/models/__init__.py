"""Records of NeutroMon: frozen data that every other room shares; knows nothing but the standard library."""
