package dev.tapline.sink.parquet.avro;

import org.apache.avro.file.CodecFactory;

/// How blocks are compressed.
public enum AvroCompression {
  /// As `zstd` does; levels 1 to 19.
  ZSTD,
  /// Snappy, which has no levels.
  SNAPPY,
  /// Deflate; levels 1 to 9.
  DEFLATE,
  /// Not at all.
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
