package dev.tapline.sink.parquet;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import java.util.List;

/// The plug-in's entry point: creates sinks of `type: parquet`.
public final class ParquetSinkProvider implements SinkProvider {
  /// For [java.util.ServiceLoader].
  public ParquetSinkProvider() {}

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of("s3", "avro", "object-store");
  }

  @Override
  public String description() {
    return "Writes streams as folders of Parquet or Avro files.";
  }

  @Override
  public ConfigSpec config() {
    return ParquetSinkOptions.SPEC;
  }

  @Override
  public List<ConfigProblem> validate(Config config) {
    return new ParquetSinkConfig(config).problems();
  }

  @Override
  public Sink create(Config config, SinkContext context) {
    return new ParquetSinkConfig(config).sink(context);
  }
}
