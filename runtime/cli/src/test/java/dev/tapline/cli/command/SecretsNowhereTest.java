package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.SourceProvider;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Passwords within URLs, in what commands print, log and write.
class SecretsNowhereTest {
  private static final ConfigKey<String> URL = ConfigKey.string("url").doc("Where.");

  private static final ConfigKey<Map<String, String>> PROPERTIES =
      ConfigKey.map("properties").doc("For the driver.");

  @TempDir Path folder;

  private static LoadedPlugins plugins() {
    return new LoadedPlugins(
        List.of(
            new Plugin(PluginKind.SOURCE, "postgres", new OneTable(), "", "test"),
            new Plugin(PluginKind.SINK, "talkative", new Talkative(), "", "test"),
            new Plugin(
                PluginKind.METHOD,
                "FULL_TABLE",
                new dev.tapline.engine.method.FullTableProvider(),
                "",
                "runtime")),
        List.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://u:geheim17@db/shop",
        "postgresql://u@db/shop?password=geheim17",
        "postgresql://u@db/shop?sslmode=require&password=geheim17",
        "postgresql://u@db/shop?sslpassword=geheim17",
        "postgresql://u:geheim17@db1,db2:5433/shop",
        "postgresql://u:geheim17@db/shop?sslpassword=geheim17&sslmode=require",
        "host=db dbname=shop user=u password=geheim17",
        "host=db dbname=shop user=u password='geheim17'",
      })
  void initWritesNone(String url) throws Exception {
    Path file = folder.resolve("pipeline.yaml");
    Result result = InProcess.run(plugins(), "init", "--output", file.toString(), url);
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(Files.readString(file))
        .doesNotContain("geheim17")
        .doesNotContain("***")
        .contains("db", "u", "${env:PG");
    assertThat(result.out()).doesNotContain("geheim17").contains("export PG");
  }

  @Test
  void initSaysNothingOfAPasswordWhereThereIsNone() throws Exception {
    Path file = folder.resolve("pipeline.yaml");
    Result result =
        InProcess.run(plugins(), "init", "--output", file.toString(), "postgresql://u@db/shop");
    assertThat(result.out()).doesNotContain("export");
    assertThat(Files.readString(file)).contains("host: db", "# password: ${file:...}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:oracle:thin:scott/geheim18@db:1521/shop",
        "jdbc:mysql://(host=db,password=geheim18)/shop",
        "jdbc:sqlserver://db;user=u;trustStorePassword=geheim18",
        "jdbc:foo:bar/geheim18@db",
      })
  void runCheckAndReportShowNone(String url) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("shop.yaml"),
            """
            source: {type: postgres}
            streams: [{table: "public.*"}]
            sink:
              type: talkative
              url: "%s"
            """
                .formatted(url));
    for (String command : List.of("run", "check")) {
      Result result = InProcess.run(plugins(), command, file.toString());
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.out() + result.err()).contains("cannot log in").doesNotContain("geheim18");
    }
    try (var files = Files.walk(folder)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        if (!each.equals(file)) {
          assertThat(Files.readString(each)).as("%s", each).doesNotContain("geheim18");
        }
      }
    }
  }

  @Test
  void aDriversPropertyOfSuchANameIsASecret() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("shop.yaml"),
            """
            source: {type: postgres}
            streams: [{table: "public.*"}]
            sink:
              type: talkative
              url: jdbc:foo://db/geheim19
              properties: {trustStorePassword: geheim19, passwordCharacterEncoding: utf8}
            """);
    Result result = InProcess.run(plugins(), "check", file.toString());
    assertThat(result.out()).contains("jdbc:foo://db/***").doesNotContain("geheim19");
  }

  private static final class OneTable implements SourceProvider, Source {
    @Override
    public String name() {
      return "postgres";
    }

    @Override
    public String description() {
      return "One table.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of(URL);
    }

    @Override
    public Source create(Config config) {
      return this;
    }

    @Override
    public Catalog discover() {
      Schema schema =
          new Schema(List.of(Field.of("id", DataType.Scalar.INT64, "bigint")), List.of("id"));
      return new Catalog(
          List.of(
              new Relation(
                  new StreamName("shop", "public", "orders"),
                  RelationKind.TABLE,
                  schema,
                  List.of(),
                  1,
                  -1,
                  "")),
          List.of());
    }

    @Override
    public List<Finding> check(List<Stream> streams) {
      return List.of();
    }

    @Override
    public BatchReader open(Split split) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  /// Repeats its URL, and parts of it, as drivers do.
  private static final class Talkative implements SinkProvider {
    @Override
    public String name() {
      return "talkative";
    }

    @Override
    public String description() {
      return "Repeats its URL.";
    }

    @Override
    public ConfigSpec config() {
      return ConfigSpec.of(URL, PROPERTIES);
    }

    @Override
    public Sink create(Config config, SinkContext context) {
      String said =
          "cannot log in at %s with %s"
              .formatted(config.get(URL), config.get(URL).replaceFirst("^.*(?=geheim)", ""));
      return new Sink() {
        @Override
        public Set<Capability> capabilities() {
          return Set.of(Capability.REPLACE);
        }

        @Override
        public List<Finding> check(List<Stream> streams) {
          return List.of(Finding.error("sink 'talkative'", said, ""));
        }

        @Override
        public SinkWriter openWriter(WriterContext writer) throws IOException {
          throw new IOException(said);
        }

        @Override
        public SinkCommitter openCommitter() {
          return SinkCommitter.NONE;
        }
      };
    }
  }
}
