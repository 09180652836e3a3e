package org.apache.hadoop.conf;

/// A name in signatures of parquet-hadoop.
public final class Configuration {
  private Configuration() {}
}
