"""Apache Pulsar: what happened goes out to topics, and what others say comes in. The only importers of ``pulsar``."""
