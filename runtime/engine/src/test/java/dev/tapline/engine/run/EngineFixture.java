package dev.tapline.engine.run;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.method.FullTableProvider;
import dev.tapline.engine.method.LogBasedProvider;
import dev.tapline.engine.plan.DryRun;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.engine.state.StateStore;
import dev.tapline.spi.catalog.Finding;
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
public final class EngineFixture {
  public final FakeSource source = new FakeSource();
  public final FakeSink destination = new FakeSink();
  volatile List<StreamProgress> progress = List.of();
  public StopSignal stop = new StopSignal();
  private final Path folder;
  volatile Instant machine = Instant.parse("2026-07-01T12:00:00Z");
  volatile boolean machineStands;
  public String method = "FULL_TABLE";
  Pipeline.Engine settings =
      new Pipeline.Engine(
          4, Duration.ofHours(1), OptionalLong.empty(), 1 << 30, Duration.ofSeconds(20));
  public List<Pipeline.StreamEntry> entries = List.of(entry("public.*", ""));

  public EngineFixture(Path folder) {
    this.folder = folder;
  }

  public static Pipeline.StreamEntry entry(String pattern, String as) {
    return entry(pattern, as, "");
  }

  public static Pipeline.StreamEntry entry(String pattern, String as, String method) {
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

  public Pipeline pipeline() {
    return new Pipeline(
        "shop",
        new Pipeline.Plugin("fake", Config.of(ConfigSpec.of(), Map.of())),
        new Pipeline.Plugin("fake", Config.of(ConfigSpec.of(), Map.of())),
        method,
        entries,
        settings);
  }

  public RunResult run() throws Exception {
    return run(ChangeLog.Extent.UNTIL_NOW);
  }

  public RunResult run(ChangeLog.Extent extent, String... only) throws Exception {
    try (StateStore store = FileStateStore.open(folder.resolve("state"), "shop")) {
      return new PipelineRun(
              pipeline(),
              new Fakes(),
              store,
              Stream.of(only).map(NamePattern::parse).toList(),
              extent,
              stop,
              streams -> progress = streams,
              () -> machineStands ? machine : Instant.now())
          .run();
    }
  }

  public DryRun.Outline outline(String... only) throws Exception {
    return new DryRun(
            pipeline(),
            new Fakes(),
            FileStateStore.reader(folder.resolve("state"), "shop"),
            Stream.of(only).map(NamePattern::parse).toList())
        .outline();
  }

  /// What makes [#source].
  public SourceProvider sourceProvider() {
    return new FakeSourceProvider();
  }

  /// What makes sinks of [#destination].
  public SinkProvider sinkProvider() {
    return new FakeSinkProvider();
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

  private final class Fakes implements PluginRegistry {
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
