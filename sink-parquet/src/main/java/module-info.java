import org.jspecify.annotations.NullMarked;

/// Writes streams as Parquet or Avro files. The shipped jar has Parquet inside.
@NullMarked
module dev.tapline.sink.parquet {
  requires com.github.luben.zstd_jni;
  requires dev.tapline.files;
  requires dev.tapline.files.s3;
  requires dev.tapline.spi;
  requires org.apache.avro;
  requires static org.jspecify;
  requires org.slf4j;
  requires snappy.java;

  provides dev.tapline.spi.sink.SinkProvider with
      dev.tapline.sink.parquet.ParquetSinkProvider;
}
