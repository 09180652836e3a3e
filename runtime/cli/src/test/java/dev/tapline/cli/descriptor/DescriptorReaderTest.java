package dev.tapline.cli.descriptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.engine.Pipeline;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescriptorReaderTest {
  private static final String SOURCE = "source: {type: postgres, host: db}\n";
  private static final String STREAMS = "streams:\n  - table: public.*\n";
  private static final String SINK = "sink: {type: jsonl, path: out}\n";
  private static final String RIGHT = SOURCE + STREAMS + SINK;

  @TempDir private Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void readsTheSmallestDescriptorWithDefaults() throws Exception {
    Descriptor descriptor = descriptor(RIGHT);
    Pipeline pipeline = descriptor.pipeline();
    assertThat(pipeline.name()).isEqualTo("shop");
    assertThat(descriptor.stateFolder()).isEqualTo(folder.resolve(".tapline"));
    assertThat(pipeline.method()).isEqualTo("FULL_TABLE");
    assertThat(pipeline.sink().config().get(FakePlugins.PATH)).isEqualTo(folder.resolve("out"));
    assertThat(pipeline.engine().parallelism()).isEqualTo(4);
    assertThat(pipeline.engine().checkpointInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(pipeline.engine().checkpointRows()).isEmpty();
    assertThat(pipeline.engine().checkpointBytes()).isEqualTo(256L << 20);
    assertThat(pipeline.engine().retryFor()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void readsEveryKey() throws Exception {
    Descriptor descriptor =
        descriptor(
            """
            name: nightly
            source: {type: postgres, host: db, port: 5433, password: p, ssh: {key: k}}
            method: FULL_TABLE
            streams:
              - table: public.*
                exclude: [public.tmp_*]
              - view: shop.reporting.daily
                method: FULL_TABLE
                primary-key: [day]
                columns: {include: [a, b], exclude: c}
                as: daily
            sink: {type: jsonl, path: /out, sync: no, color: light-red, tags: [1.10, yes], names: {a: b}}
            state: ../state
            engine: {parallelism: 2, checkpoint: {interval: 500ms, rows: 10, bytes: 1MB}, retry-for: 1h}
            """);
    Pipeline pipeline = descriptor.pipeline();
    assertThat(pipeline.name()).isEqualTo("nightly");
    assertThat(pipeline.source().config().get(FakePlugins.PORT)).isEqualTo(5433);
    assertThat(pipeline.sink().config().get(FakePlugins.SYNC)).isFalse();
    assertThat(pipeline.sink().config().get(FakePlugins.COLOR))
        .isEqualTo(FakePlugins.Color.LIGHT_RED);
    assertThat(pipeline.sink().config().get(FakePlugins.TAGS)).containsExactly("1.10", "yes");
    assertThat(descriptor.stateFolder()).isEqualTo(folder.resolveSibling("state"));
    assertThat(pipeline.engine().retryFor()).isEqualTo(Duration.ofHours(1));
    assertThat(pipeline.engine().checkpointRows()).hasValue(10);
    assertThat(pipeline.streams().getFirst().exclude()).containsExactly("public.tmp_*");
    Pipeline.StreamEntry view = pipeline.streams().getLast();
    assertThat(view.view()).isTrue();
    assertThat(view.pattern()).isEqualTo("shop.reporting.daily");
    assertThat(view.primaryKey()).containsExactly("day");
    assertThat(view.includeColumns()).containsExactly("a", "b");
    assertThat(view.excludeColumns()).containsExactly("c");
    assertThat(view.as()).isEqualTo("daily");
    assertThat(view.where()).endsWith("shop.yaml:7:5");
  }

  @Test
  void reportsEverythingAtOnceInTheOrderOfTheFile() throws Exception {
    assertThat(
            problems(
                """
                source:
                  type: postgres
                  hots: db
                  port: 70000
                streams:
                  - tabel: public.*
                  - table: public.a
                    view: public.b
                  - exclude: public.c
                  - table: orders
                  - table: a.b
                    method: INCREMENTAL
                sink:
                  type: jsonl
                  pth: out
                engine: {parallelism: many, checkpoint: {rows: 0}}
                stat: x
                """))
        .containsExactly(
            "3:3: source 'postgres': unknown key 'hots'; did you mean 'host'?",
            "4:3: source 'postgres': 'port': 70000 must be from 1 to 65535",
            "6:5: streams, entry 1: unknown key 'tabel'; did you mean 'table'?",
            "7:5: streams, entry 2: 'table' and 'view' exclude each other; make it two entries",
            "9:5: streams, entry 3: it names neither a 'table' nor a 'view'; add one of them",
            "10:5: streams, entry 4: 'table': 'orders' is not a name or pattern of the form schema.table or database.schema.table; did you mean 'public.orders'?",
            "12:5: streams, entry 5: there is no replication method 'INCREMENTAL'; there is FULL_TABLE",
            "15:3: sink 'jsonl': unknown key 'pth'; did you mean 'path'?",
            "16:10: engine: 'parallelism': 'many' is not a whole number",
            "16:42: engine.checkpoint: 'rows': 0 must be 1 or more",
            "17:1: unknown key 'stat'; did you mean 'state'?");
  }

  @Test
  void reportsWhatIsMissing() throws Exception {
    assertThat(problems("name: x\n"))
        .containsExactlyInAnyOrder(
            "1:1: the key 'source' is missing; add 'source: {type: ...}', with one of postgres",
            "1:1: the key 'streams' is missing: what to replicate, and how",
            "1:1: the key 'sink' is missing; add 'sink: {type: ...}', with one of jsonl");
  }

  @Test
  void namesTheNearestPlugin() throws Exception {
    assertThat(problems("source: {type: postgers}\n" + STREAMS + "sink: {path: out}\n"))
        .containsExactly(
            "1:10: source: there is no source 'postgers'; did you mean 'postgres'?; there is postgres",
            "4:1: sink: the key 'type' is missing; there is jsonl");
  }

  @Test
  void refusesWhatIsNoMapping() throws Exception {
    assertThat(problems("- a\n- b\n"))
        .containsExactly("1:1: a descriptor is a mapping of keys such as 'source:' and 'sink:'");
    assertThat(problems("just text\n")).hasSize(1);
    assertThat(problems("source:\n" + STREAMS + "sink: jsonl\n"))
        .containsExactly(
            "1:1: source: it wants keys of its own below it",
            "4:1: sink: it wants keys of its own below it");
  }

  @Test
  void refusesAnEmptyFile() throws Exception {
    assertThat(problems("")).singleElement().asString().startsWith("1:1: the file is empty");
    assertThat(problems("# nothing\n")).singleElement().asString().contains("the file is empty");
  }

  @Test
  void refusesTabs() throws Exception {
    assertThat(problems("source:\n\ttype: postgres\n"))
        .containsExactly("2:1: a tab cannot indent in YAML; use spaces");
  }

  @Test
  void refusesDuplicateKeys() throws Exception {
    assertThat(problems(RIGHT + "state: a\nstate: b\n"))
        .containsExactly("6:1: the key 'state' was already given on line 5");
  }

  @Test
  void placesSyntaxErrors() throws Exception {
    assertThat(problems("source: {type: postgres\nsink: x\n"))
        .singleElement()
        .asString()
        .startsWith("2:5: not YAML: ");
    assertThat(problems("a: b: c\n")).singleElement().asString().startsWith("1:5: not YAML: ");
    assertThat(problems("--- \na: b\n--- \nc: d\n"))
        .singleElement()
        .asString()
        .startsWith("3:1: not YAML: ");
    assertThat(problems("a: b\nc: \u0007\n"))
        .containsExactly("2:4: the character U+0007 may not stand in YAML");
    assertThat(problems(RIGHT + "state: !path x\n"))
        .containsExactly("5:8: the tag '!path' means nothing here; remove it");
  }

  @Test
  void refusesAliasesWithoutEnd() throws Exception {
    assertThat(problems("a: &a [*a]\n")).anyMatch(line -> line.contains("contains itself"));
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      String aliases = ("*a" + (i - 1) + ", ").repeat(9);
      bomb.append("a" + i + ": &a" + i + " [" + aliases + "x]\n");
    }
    assertThat(problems(bomb.toString())).anyMatch(line -> line.contains("far too much"));
  }

  @Test
  void understandsAnchors() throws Exception {
    Pipeline pipeline =
        read(
            SOURCE
                + SINK
                + "streams:\n  - &first {table: public.a, columns: &c {exclude: [x]}}\n"
                + "  - {table: public.b, columns: *c}\n");
    assertThat(pipeline.streams().getLast().excludeColumns()).containsExactly("x");
  }

  @Test
  void refusesWhatIsNoFile() throws Exception {
    DescriptorReader reader = new DescriptorReader(FakePlugins.all(), environment);
    assertThat(
            catchThrowableOfType(
                DescriptorException.class, () -> reader.read(folder.resolve("none.yaml"))))
        .hasMessage(
            folder.resolve("none.yaml")
                + ":1:1: there is no such file; 'runtime init' writes one to begin with");
    assertThat(catchThrowableOfType(DescriptorException.class, () -> reader.read(folder)))
        .hasMessageContaining("this is a folder");
    Path latin =
        Files.write(folder.resolve("latin.yaml"), "a: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(catchThrowableOfType(DescriptorException.class, () -> reader.read(latin)))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesAnEmptyListOfStreamsAndABadName() throws Exception {
    assertThat(problems("name: a b\n" + SOURCE + "streams: []\n" + SINK))
        .containsExactly(
            "1:1: the pipeline's name 'a b' may hold letters, digits, '.', '_' and '-' only; set 'name'",
            "3:1: 'streams' is empty; add an entry such as '- table: public.*'");
  }

  @Test
  void asksThePluginOnlyAboutACompleteSection() throws Exception {
    assertThat(problems("source: {type: postgres, host: 'db:5432'}\n" + STREAMS + SINK))
        .containsExactly("1:26: source 'postgres': 'db:5432' holds a port; give it as 'port'");
    assertThat(problems("source: {type: postgres, port: x}\n" + STREAMS + SINK)).hasSize(2);
  }

  @Test
  void putsValuesInThePlaceOfReferences() throws Exception {
    environment.put("THE_HOST", "db.example.com");
    Files.writeString(folder.resolve("port"), "6543\n");
    Pipeline pipeline =
        read(
            "source: {type: postgres, host: '${env:THE_HOST}', port: '${file:port}', password: 'a$${b}'}\n"
                + STREAMS
                + SINK);
    assertThat(pipeline.source().config().get(FakePlugins.HOST)).isEqualTo("db.example.com");
    assertThat(pipeline.source().config().get(FakePlugins.PORT)).isEqualTo(6543);
    assertThat(pipeline.source().config().get(FakePlugins.PASSWORD).reveal()).isEqualTo("a${b}");
  }

  @Test
  void reportsReferencesToNothingOnce() throws Exception {
    assertThat(
            problems(
                """
                source:
                  type: postgres
                  host: ${env:NOBODY_SET_THIS}
                  port: ${env:NOBODY_SET_THIS}
                  password: ${file:nowhere}
                  url: ${oops}
                """
                    + STREAMS
                    + SINK))
        .containsExactly(
            "3:9: the environment variable 'NOBODY_SET_THIS' is not set",
            "4:9: the environment variable 'NOBODY_SET_THIS' is not set",
            "5:13: there is no file 'nowhere'",
            "6:8: '${' begins neither ${env:NAME} nor ${file:path}; write ${env:oops} for the environment variable oops");
  }

  @Test
  void neverShowsWhatAReferenceBrought() throws Exception {
    environment.put("PORT", "hunter2hunter2");
    assertThat(
            problems("source: {type: postgres, host: h, port: '${env:PORT}'}\n" + STREAMS + SINK))
        .containsExactly("1:35: source 'postgres': 'port': '${env:PORT}' is not a whole number");
  }

  @Test
  void masksSecretsFromThenOn() throws Exception {
    environment.put("SECRET", "from-the-environment");
    Files.writeString(folder.resolve("key"), "first line of key\nsecond line of key\n");
    problems(
        """
        source:
          type: postgres
          password: ${env:SECRET}
          url: postgresql://user:in%20the%20url@host/db?sslpassword=parameter
          ssh: {key: "${file:key}"}
        sink: {type: unknown}
        """);
    assertThat(
            Secrets.mask(
                "from-the-environment; in%20the%20url; in the url; parameter; second line of key"))
        .isEqualTo("***; ***; ***; ***; ***");
  }

  private Secret password(String value) throws Exception {
    return read("source: {type: postgres, host: h, password: " + value + "}\n" + STREAMS + SINK)
        .source()
        .config()
        .get(FakePlugins.PASSWORD);
  }

  @Test
  void readsTheFileOfASecretAgain() throws Exception {
    Path file = Files.writeString(folder.resolve("pw"), "the-first-one\n");
    Secret secret = password("'${file:pw}'");
    assertThat(secret.anew()).isEqualTo("the-first-one");
    Files.writeString(file, "the-second-one\n");
    assertThat(secret.anew()).isEqualTo("the-second-one");
    assertThat(Secrets.mask("the-second-one")).isEqualTo("***");
    Files.delete(file);
    assertThatThrownBy(secret::anew)
        .isInstanceOf(IOException.class)
        .hasMessage("'password': there is no file 'pw'");
  }

  @Test
  void runsTheCommandOfASecretWhenItIsNeeded() throws Exception {
    Secret secret = password("{command: [sh, -c, 'echo x >> runs; echo token-of-the-command']}");
    assertThat(folder.resolve("runs")).doesNotExist();
    assertThat(secret.anew()).isEqualTo("token-of-the-command");
    assertThat(secret.anew()).isEqualTo("token-of-the-command");
    assertThat(folder.resolve("runs")).as("shared").hasContent("x");
    assertThat(Secrets.mask("token-of-the-command")).isEqualTo("***");
  }

  @Test
  void saysWhyACommandHasNoSecret() throws Exception {
    assertThatThrownBy(
            password("{command: [sh, -c, 'echo tok-en-1; echo no tok-en-1 for you >&2; exit 3']}")
                ::anew)
        .isInstanceOf(IOException.class)
        .hasMessage("the command of 'password' (sh) ends with exit code 3: no *** for you");
    assertThatThrownBy(password("{command: [sh, -c, 'exit 0']}")::anew)
        .hasMessage("the command of 'password' (sh) writes nothing to its standard output");
    assertThatThrownBy(password("{command: [no-such-program]}")::anew)
        .hasMessageContaining("the command of 'password' cannot be run")
        .hasMessageContaining("no-such-program");
    assertThatThrownBy(
            new CommandOutput("password", List.of("sleep", "1000"), folder, Duration.ofMillis(100))
                ::read)
        .hasMessageContaining("does not end within");
  }

  @Test
  void aSecretIsATextOrACommand() throws Exception {
    for (String wrong : List.of("{comand: [x]}", "{command: x}", "{command: []}")) {
      assertThat(
              problems(
                  "source: {type: postgres, host: h, password: " + wrong + "}\n" + STREAMS + SINK))
          .singleElement()
          .asString()
          .contains("'password' is a text, or a command with its arguments");
    }
  }

  private Pipeline read(String text) throws Exception {
    return descriptor(text).pipeline();
  }

  private Descriptor descriptor(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("shop.yaml"), text);
    return new DescriptorReader(FakePlugins.all(), environment).read(file);
  }

  /// The problems, without the name of the file.
  private List<String> problems(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("shop.yaml"), text);
    DescriptorReader reader = new DescriptorReader(FakePlugins.all(), environment);
    return catchThrowableOfType(DescriptorException.class, () -> reader.read(file))
        .problems()
        .stream()
        .map(line -> line.replace(file + ":", ""))
        .toList();
  }
}
