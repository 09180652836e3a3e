package dev.tapline.runtime.engine;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.method.FullTableProvider;
import dev.tapline.runtime.method.LogBasedProvider;
import dev.tapline.runtime.plugin.Faults;
import dev.tapline.runtime.plugin.LoadedPlugins;
import dev.tapline.runtime.plugin.Plugin;
import dev.tapline.runtime.plugin.PluginKind;
import dev.tapline.runtime.plugin.Plugins;
import dev.tapline.runtime.select.NamePattern;
import dev.tapline.spi.Finding;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.method.Plan;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.SourceProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// A pipeline of the fake source and the fake sink.
final class EngineFixture {
  final FakeSource source = new FakeSource();
  final FakeSink destination = new FakeSink();
  volatile List<StreamProgress> progress = List.of();
  StopSignal stop = new StopSignal();
  private final Path folder;
  volatile Instant machine = Instant.parse("2026-07-01T12:00:00Z");
  volatile boolean machineStands;
  String method = "FULL_TABLE";
  Pipeline.Engine settings =
      new Pipeline.Engine(
          4, Duration.ofHours(1), OptionalLong.empty(), 1 << 30, Duration.ofSeconds(20), 100);
  List<Pipeline.StreamEntry> entries = List.of(entry("public.*", ""));

  EngineFixture(Path folder) {
    this.folder = folder;
  }

  static Pipeline.StreamEntry entry(String pattern, String as) {
    return entry(pattern, as, "");
  }

  static Pipeline.StreamEntry entry(String pattern, String as, String method) {
    return entry(pattern, false, method, List.of(), as);
  }

  /// An entry that leaves a column out.
  static Pipeline.StreamEntry without(String pattern, String column) {
    return entry(pattern, false, "", List.of(column), "");
  }

  /// An entry of views.
  static Pipeline.StreamEntry view(String pattern) {
    return entry(pattern, true, "", List.of(), "");
  }

  private static Pipeline.StreamEntry entry(
      String pattern, boolean view, String method, List<String> without, String as) {
    return new Pipeline.StreamEntry(
        pattern,
        view,
        List.of(),
        method,
        List.of(),
        "",
        List.of(),
        List.of(),
        without,
        as,
        "p.yaml:4:5");
  }

  Pipeline pipeline() {
    return new Pipeline(
        "shop",
        folder.resolve("shop.yaml"),
        new Pipeline.Plugin("fake", Config.of(ConfigSpec.of(), Map.of())),
        new Pipeline.Plugin("fake", Config.of(ConfigSpec.of(), Map.of())),
        method,
        entries,
        folder.resolve("state"),
        settings);
  }

  RunResult run() throws Exception {
    return run(ChangeLog.Extent.UNTIL_NOW);
  }

  RunResult run(ChangeLog.Extent extent, String... only) throws Exception {
    return new PipelineRun(
            pipeline(),
            new Fakes(),
            Stream.of(only).map(NamePattern::parse).toList(),
            extent,
            stop,
            streams -> progress = streams,
            () -> machineStands ? machine : Instant.now())
        .run();
  }

  DryRun.Outline outline(String... only) throws Exception {
    return new DryRun(pipeline(), new Fakes(), Stream.of(only).map(NamePattern::parse).toList())
        .outline();
  }

  /// The fakes as the command line gets plug-ins, with faults to come.
  LoadedPlugins loaded(Faults faults) {
    return new LoadedPlugins(
        List.of(
            faults.plugin(PluginKind.SOURCE, new FakeSourceProvider()),
            faults.plugin(PluginKind.SINK, new FakeSinkProvider()),
            new Plugin(PluginKind.METHOD, "FULL_TABLE", new FullTableProvider(), "", "runtime"),
            new Plugin(PluginKind.METHOD, "LOG_BASED", new LogBasedProvider(), "", "runtime")),
        List.of());
  }

  /// A method whose reads add rows from the beginning, to see what the engine does for reads that
  /// can be resumed.
  private static final class Tail implements ReplicationMethod {
    @Override
    public List<Finding> check(Source source, dev.tapline.spi.catalog.Stream stream) {
      return List.of();
    }

    @Override
    public Plan plan(PlanRequest request) {
      return Plan.of(((FakeSource) request.source()).tail(request.streams()));
    }

    @Override
    public void close() {}
  }

  private final class Fakes implements Plugins {
    @Override
    public Optional<SourceProvider> source(String type) {
      return Optional.of(new FakeSourceProvider());
    }

    @Override
    public Optional<SinkProvider> sink(String type) {
      return Optional.of(new FakeSinkProvider());
    }

    @Override
    public Optional<ReplicationMethodProvider> method(String name) {
      return Optional.of(
          switch (name) {
            case "TAIL" -> new TailProvider();
            case "LOG_BASED" -> new LogBasedProvider();
            default -> new FullTableProvider();
          });
    }
  }

  private final class FakeSourceProvider implements SourceProvider {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String description() {
      return "A fake.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of();
    }

    @Override
    public Source create(Config config) {
      return source;
    }
  }

  private final class FakeSinkProvider implements SinkProvider {
    @Override
    public String name() {
      return "fake";
    }

    @Override
    public String description() {
      return "A fake.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of();
    }

    @Override
    public Sink create(Config config, SinkContext context) {
      return destination.sink(context);
    }
  }

  private static final class TailProvider implements ReplicationMethodProvider {
    @Override
    public String name() {
      return "TAIL";
    }

    @Override
    public String description() {
      return "Follows the log.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of();
    }

    @Override
    public ReplicationMethod create(Config config) {
      return new Tail();
    }
  }
}
