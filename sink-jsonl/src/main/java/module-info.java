import org.jspecify.annotations.NullMarked;

/// Writes streams as JSON Lines.
@NullMarked
module dev.tapline.sink.jsonl {
  requires com.github.luben.zstd_jni;
  requires dev.tapline.files;
  requires dev.tapline.spi;
  requires static org.jspecify;
  requires org.slf4j;
  requires tools.jackson.core;

  provides dev.tapline.spi.sink.SinkProvider with
      dev.tapline.sink.jsonl.JsonLinesSinkProvider;
}
