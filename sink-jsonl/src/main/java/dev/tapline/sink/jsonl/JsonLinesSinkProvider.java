package dev.tapline.sink.jsonl;

import dev.tapline.sink.jsonl.console.ConsoleSink;
import dev.tapline.sink.jsonl.files.FileSink;
import dev.tapline.sink.jsonl.singer.SingerSink;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;

/// The plug-in's entry point: creates sinks of `type: jsonl`.
public final class JsonLinesSinkProvider implements SinkProvider {
  private final Supplier<OutputStream> stdout;

  /// For [java.util.ServiceLoader].
  public JsonLinesSinkProvider() {
    // Not System.out, which hides errors: the run must fail if the reader has gone.
    this(() -> new FileOutputStream(FileDescriptor.out));
  }

  JsonLinesSinkProvider(Supplier<OutputStream> stdout) {
    this.stdout = stdout;
  }

  @Override
  public String name() {
    return "jsonl";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of(
        "json", "ndjson", "json-lines", "jsonlines", "file", "files", "stdout", "singer");
  }

  @Override
  public String description() {
    return "Writes streams as JSON Lines: to files, to standard output, or as Singer's messages.";
  }

  @Override
  public ConfigSpec config() {
    return JsonLinesSinkOptions.SPEC;
  }

  @Override
  public List<ConfigProblem> validate(Config config) {
    return new JsonLinesSinkConfig(config).problems();
  }

  @Override
  public Sink create(Config config, SinkContext context) {
    JsonLinesSinkConfig sinkConfig = new JsonLinesSinkConfig(config);
    if (sinkConfig.singer()) {
      return new SingerSink(
          sinkConfig.rows(), stdout.get(), context.clock(), sinkConfig.targetState());
    }
    return sinkConfig.stdout()
        ? new ConsoleSink(sinkConfig.rows(), stdout.get(), context.clock())
        : new FileSink(sinkConfig.files(), context);
  }
}
