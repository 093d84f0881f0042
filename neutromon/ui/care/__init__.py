"""Forms of the pathways: decision, triage, febrile neutropenia, scores, growth factor, work-up."""
