package dev.tapline.cli;

import dev.tapline.spi.Provider;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.slf4j.LoggerFactory;

/// Compiles plug-ins while a test runs, as an author does: against the SPI and the SLF4J API alone.
public final class TestPlugin {
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<Path> modulePath =
      new ArrayList<>(
          List.of(
              TestDistribution.origin(Provider.class),
              TestDistribution.origin(LoggerFactory.class),
              TestDistribution.origin(NullMarked.class)));
  private String moduleVersion = "";

  /// Adds a file: a Java source by its path, or anything else, which goes into the jar as it is.
  public TestPlugin file(String path, String content) {
    files.put(path, content);
    return this;
  }

  /// The version that the module says it has.
  public TestPlugin version(String version) {
    moduleVersion = version;
    return this;
  }

  /// Compiles against this in place of the SPI of this build.
  public TestPlugin against(Path spi) {
    modulePath.set(0, spi);
    return this;
  }

  /// Compiles with another jar too.
  public TestPlugin with(Path jar) {
    modulePath.add(jar);
    return this;
  }

  /// A sink that accepts rows and drops them.
  public static TestPlugin sink(String module, String name) {
    return new TestPlugin()
        .file(
            "module-info.java",
            """
            module %s {
              requires dev.tapline.spi;
              provides dev.tapline.spi.sink.SinkProvider with %s.Sinks;
            }
            """
                .formatted(module, module))
        .file(module.replace('.', '/') + "/Sinks.java", sinkSource(module, name, ""));
  }

  /// The source of a sink's provider.
  ///
  /// @param onCheck statements that may add to `findings`
  public static String sinkSource(String packageName, String name, String onCheck) {
    return """
    package %s;

    import dev.tapline.spi.*;
    import dev.tapline.spi.batch.Batch;
    import dev.tapline.spi.catalog.Finding;
    import dev.tapline.spi.catalog.Stream;
    import dev.tapline.spi.config.*;
    import dev.tapline.spi.sink.*;
    import java.util.*;

    public final class Sinks implements SinkProvider {
      static final ConfigKey<String> GREETING = ConfigKey.string("greeting").withDefault("hello").doc("What to say.");
      static final ConfigKey<Secret> TOKEN = ConfigKey.secret("token").doc("What to be let in by.");

      public String name() { return "%s"; }
      public String description() { return "Drops rows."; }
      public ConfigSpec config() { return ConfigSpec.of(GREETING, TOKEN); }
      public Sink create(Config config, SinkContext context) {
        return new Sink() {
          public Set<Capability> capabilities() { return Set.of(); }
          public List<Finding> check(List<Stream> streams) {
            List<Finding> findings = new ArrayList<>();
            %s
            return findings;
          }
          public SinkWriter openWriter(WriterContext writer) {
            return new SinkWriter() {
              public void write(Batch batch) {}
              public List<Commit> prepare() { return List.of(); }
              public void close() {}
            };
          }
        };
      }
    }
    """
        .formatted(packageName, name, onCheck);
  }

  /// A source that offers one table, `shop.public.orders`.
  public static TestPlugin source(String module, String name) {
    return new TestPlugin()
        .file(
            "module-info.java",
            """
            module %s {
              requires dev.tapline.spi;
              requires org.slf4j;
              provides dev.tapline.spi.source.SourceProvider with %s.Sources;
            }
            """
                .formatted(module, module))
        .file(
            module.replace('.', '/') + "/Sources.java",
            """
            package %s;

            import dev.tapline.spi.*;
            import dev.tapline.spi.catalog.*;
            import dev.tapline.spi.config.*;
            import dev.tapline.spi.method.*;
            import dev.tapline.spi.source.*;
            import java.io.IOException;
            import java.util.*;
            import org.slf4j.LoggerFactory;

            public final class Sources implements SourceProvider {
              static final ConfigKey<Secret> PASSWORD = ConfigKey.secret("password").doc("The password.");
              static final ConfigKey<String> FAIL = ConfigKey.string("fail").doc("What to fail with.");

              public String name() { return "%s"; }
              public String description() { return "Offers one table."; }
              public ConfigSpec config() { return ConfigSpec.of(PASSWORD, FAIL); }
              public Source create(Config config) { return new OneTable(config); }

              static final class OneTable implements Source, TableScans, ChangeLog, ReplicationSlots {
                private final Config config;
                OneTable(Config config) { this.config = config; }
                public Catalog discover() throws IOException {
                  String password = config.find(PASSWORD).map(Secret::reveal).orElse("");
                  LoggerFactory.getLogger("one").info("connecting with {}", password);
                  if (config.has(FAIL)) {
                    throw new IOException(config.get(FAIL), new IOException("refused " + password));
                  }
                  Schema schema = new Schema(List.of(
                      new Field("id", DataType.Scalar.INT64, false, "bigint", "")), List.of("id"));
                  return new Catalog(List.of(new Relation(
                      new StreamName("shop", "public", "orders"), RelationKind.TABLE, schema,
                      List.of(), 1234567, 5 << 20, "")), List.of());
                }
                public List<Finding> check(List<dev.tapline.spi.catalog.Stream> streams) {
                  return List.of(Finding.ok("connection", "works with " + config.find(PASSWORD).map(Secret::reveal).orElse("nothing")));
                }
                public BatchReader open(Split split) { throw new UnsupportedOperationException(); }
                public Snapshot openSnapshot(Collection<dev.tapline.spi.catalog.Stream> streams) { throw new UnsupportedOperationException(); }
                public List<Split> split(dev.tapline.spi.catalog.Stream stream, Snapshot snapshot, int parallelism) { return List.of(); }
                public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent) { return Map.of(); }
                public Position positionUnder(Snapshot snapshot, dev.tapline.spi.catalog.Stream stream) { return Position.START; }
                public List<Split> follow(List<StreamPosition> streams, List<StreamPosition> absent, Extent extent) { return List.of(); }
                public List<Slot> slots() {
                  return List.of(
                      new Slot("tapline_shop", "shop", "pgoutput", true, OptionalLong.empty(), "0/16B3748", OptionalLong.of(5 << 20), "reserved", "slot 'tapline_shop': 4 MB are kept for a transaction"),
                      new Slot("other", "shop", "wal2json", false, OptionalLong.of(4711), "0/15", OptionalLong.empty(), "", ""));
                }
                public void dropSlot(String name) throws IOException {
                  if (name.equals("other")) {
                    throw new IOException("replication slot 'other' is active for PID 4711; stop its reader first");
                  }
                  LoggerFactory.getLogger("one").info("dropping {}", name);
                }
                public void close() {}
              }
            }
            """
                .formatted(module, name));
  }

  private static Path scratch(Path jar) throws IOException {
    Path folder = jar.toAbsolutePath().getParent();
    while (folder.endsWith("plugins") || folder.getParent().endsWith("plugins")) {
      folder = folder.getParent();
    }
    return Files.createDirectories(folder);
  }

  /// Compiles and packs.
  public void packTo(Path jar) throws IOException {
    // Beside the jar's folder: both are in the test's own, which JUnit removes.
    Path work = Files.createTempDirectory(scratch(jar), "plugin-");
    Path sources = Files.createDirectory(work.resolve("sources"));
    Path classes = Files.createDirectory(work.resolve("classes"));
    List<String> toCompile = new ArrayList<>();
    for (Map.Entry<String, String> file : files.entrySet()) {
      boolean source = file.getKey().endsWith(".java");
      Path path = (source ? sources : classes).resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
      if (source) {
        toCompile.add(path.toString());
      }
    }
    if (!toCompile.isEmpty()) {
      compile(toCompile, classes);
    }
    TestDistribution.pack(classes, jar);
  }

  private void compile(List<String> sources, Path classes) {
    String path = String.join(":", modulePath.stream().map(Path::toString).toList());
    boolean named = files.containsKey("module-info.java");
    List<String> options =
        new ArrayList<>(List.of("-d", classes.toString(), named ? "-p" : "-cp", path));
    if (!moduleVersion.isEmpty()) {
      options.addAll(List.of("--module-version", moduleVersion));
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                options,
                null,
                Stream.of(sources)
                    .flatMap(paths -> {
                      List<javax.tools.JavaFileObject> units = new ArrayList<>();
                      compiler
                          .getStandardFileManager(null, null, null)
                          .getJavaFileObjectsFromStrings(paths)
                          .forEach(units::add);
                      return units.stream();
                    })
                    .toList())
            .call();
    if (!compiled) {
      throw new IllegalStateException(messages.toString());
    }
  }
}
