package dev.tapline.sink.parquet.avro;

import org.apache.avro.file.CodecFactory;

/// The compressions of Avro blocks.
public enum AvroCompression {
  /// Zstandard; levels 1 to 19.
  ZSTD,
  /// Snappy, without levels.
  SNAPPY,
  /// Deflate; levels 1 to 9.
  DEFLATE,
  /// No compression.
  NONE;

  CodecFactory codec(int level) {
    return switch (this) {
      case ZSTD -> CodecFactory.zstandardCodec(level);
      case SNAPPY -> CodecFactory.snappyCodec();
      case DEFLATE -> CodecFactory.deflateCodec(level);
      case NONE -> CodecFactory.nullCodec();
    };
  }
}
