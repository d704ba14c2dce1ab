"""The domain: gate, looks, outcomes, and the fold of a run."""
