package dev.tapline.sink.parquet.compression;

import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/// The compressions of Parquet pages.
public enum ParquetCompression {
  /// Zstandard; levels 1 to 19.
  ZSTD(CompressionCodecName.ZSTD, 1, 19),
  /// Snappy, without levels.
  SNAPPY(CompressionCodecName.SNAPPY, 0, 0),
  /// Gzip; levels 1 to 9.
  GZIP(CompressionCodecName.GZIP, 6, 9),
  /// No compression.
  NONE(CompressionCodecName.UNCOMPRESSED, 0, 0);

  private final CompressionCodecName parquetName;
  private final int defaultLevel;
  private final int highestLevel;

  ParquetCompression(CompressionCodecName parquetName, int defaultLevel, int highestLevel) {
    this.parquetName = parquetName;
    this.defaultLevel = defaultLevel;
    this.highestLevel = highestLevel;
  }

  /// The name of the codec in parquet-java.
  public CompressionCodecName parquetName() {
    return parquetName;
  }

  /// The default level; 0 if there are no levels.
  public int defaultLevel() {
    return defaultLevel;
  }

  /// The highest level; 0 if there are no levels. The lowest is 1.
  public int highestLevel() {
    return highestLevel;
  }
}
