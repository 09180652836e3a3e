package org.apache.hadoop.fs;

/// A name in signatures of parquet-hadoop.
public final class FSDataInputStream {
  private FSDataInputStream() {}
}
