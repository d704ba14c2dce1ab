"""On-Demand Sync: Sage 300 CRE to hh2 to Procore, step by step, with proof of each."""

__version__ = "0.1.0"
