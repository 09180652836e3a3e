package dev.tapline.sink.parquet.compression;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// How pages are compressed.
public enum ParquetCompression {
  /// As `zstd` does; levels 1 to 19.
  ZSTD(CompressionCodecName.ZSTD, 1, 19),
  /// Snappy, which has no levels.
  SNAPPY(CompressionCodecName.SNAPPY, 0, 0),
  /// As `gzip` does; levels 1 to 9.
  GZIP(CompressionCodecName.GZIP, 6, 9),
  /// Not at all.
  NONE(CompressionCodecName.UNCOMPRESSED, 0, 0);

  private final CompressionCodecName parquetName;
  private final int defaultLevel;
  private final int highestLevel;

  ParquetCompression(CompressionCodecName parquetName, int defaultLevel, int highestLevel) {
    this.parquetName = parquetName;
    this.defaultLevel = defaultLevel;
    this.highestLevel = highestLevel;
  }

  /// The codec, as parquet-java calls it.
  public CompressionCodecName parquetName() {
    return parquetName;
  }

  /// The level unless told otherwise; 0 when there is none.
  public int defaultLevel() {
    return defaultLevel;
  }

  /// The highest level; the lowest is 1. 0 when there are no levels.
  public int highestLevel() {
    return highestLevel;
  }
}
