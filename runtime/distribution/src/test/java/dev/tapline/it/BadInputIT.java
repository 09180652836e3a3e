package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What goes wrong is said in a sentence, with an exit code, and without a stack trace.
class BadInputIT {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
    server.execute(
        "CREATE DATABASE bad",
        "CREATE ROLE reader LOGIN PASSWORD 'open-sesame'",
        "CREATE ROLE poor LOGIN");
    server.executeIn(
        "bad",
        "CREATE TABLE orders AS SELECT i AS id FROM generate_series(1, 10) i",
        "CREATE TABLE items AS SELECT i AS id FROM generate_series(1, 10) i",
        "CREATE TABLE secret AS SELECT i AS id FROM generate_series(1, 10) i",
        "CREATE TABLE wide AS SELECT i AS id, repeat('x', 1000) AS filler FROM generate_series(1, 20000) i",
        "GRANT SELECT ON orders, items TO poor, reader");
    Path hba = server.data().resolve("pg_hba.conf");
    String rules = Files.readString(hba);
    Files.writeString(hba, "host all reader all scram-sha-256\n" + rules);
    server.execute("SELECT pg_reload_conf()");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Distribution.Result run(String descriptor) throws Exception {
    Files.writeString(folder.resolve("pipeline.yaml"), descriptor);
    Distribution.Result result = Distribution.run(folder, Map.of(), "run", "pipeline.yaml");
    assertThat(result.err()).doesNotContain("\tat ").doesNotContain("Exception");
    return result;
  }

  private String descriptor(String source, String streams, String sink) {
    return """
    source: {type: postgres, %s}
    method: FULL_TABLE
    streams: [%s]
    sink: {type: jsonl, %s}
    """
        .formatted(source, streams, sink);
  }

  private String source(String user) {
    return "host: 127.0.0.1, port: " + server.port() + ", database: bad, user: " + user;
  }

  private void assertRefused(Distribution.Result result, int code, String... words) {
    assertThat(result.code()).as("%s", result).isEqualTo(code);
    assertThat(result.err()).as("%s", result).contains(words);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- a\n- b\n",
        "just text\n",
        "source:\n\ttype: postgres\n",
        "source: {type: postgres\n"
      })
  void aFileThatIsNoDescriptor(String text) throws Exception {
    Distribution.Result result = run(text);

    assertThat(result.code()).as("%s", result).isEqualTo(2);
    assertThat(result.err()).containsPattern("pipeline\\.yaml:\\d+:\\d+: ");
  }

  @Test
  void everythingWrongInADescriptorAtOnce() throws Exception {
    assertRefused(
        run(
            """
            source:
              type: postgres
              port: many
              database: a
              database: b
            method: FULL_TABEL
            streams:
              - table: public.orders
                colunms: {exclude: [x]}
              - {}
            sink:
              type: jsonl
              pth: out
            """),
        2,
        "pipeline.yaml:3:3: source 'postgres': 'port': 'many' is not a whole number",
        "pipeline.yaml:5:3: the key 'database' was already given on line 4",
        "pipeline.yaml:6:1: ",
        "did you mean 'FULL_TABLE'?",
        "pipeline.yaml:9:5: ",
        "did you mean 'columns'?",
        "pipeline.yaml:10:5: ",
        "pipeline.yaml:13:3: sink 'jsonl': unknown key 'pth'; did you mean 'path'?");
  }

  @Test
  void aPortInsideTheHost() throws Exception {
    assertRefused(
        run(descriptor("host: \"db:5433\", database: bad", "{table: public.orders}", "path: out")),
        2,
        "pipeline.yaml:1:",
        "holds a port");
  }

  @Test
  void anEmptyPlugInFolderIsAWarning() throws Exception {
    Files.createDirectories(folder.resolve("extra/empty"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        descriptor(source("poor"), "{table: public.orders}", "path: out"));

    Distribution.Result result =
        Distribution.run(folder, Map.of(), "--plugins", "extra", "run", "pipeline.yaml");

    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.err()).contains("there is no jar in this folder; fill or remove it");
  }

  @Test
  void noSuchPlugIn() throws Exception {
    assertRefused(
        run(
            descriptor(source("poor"), "{table: public.orders}", "path: out")
                .replace("jsonl", "jsnol")),
        2,
        "pipeline.yaml:4:",
        "'jsnol'",
        "did you mean 'jsonl'?");
  }

  @Test
  void aSecretThatIsNotSet() throws Exception {
    assertRefused(
        run(
            descriptor(
                source("reader") + ", password: \"${env:TAPLINE_NOT_SET}\"",
                "{table: public.orders}",
                "path: out")),
        2,
        "TAPLINE_NOT_SET");
  }

  @Test
  void aHostThatIsNotThere() throws Exception {
    assertRefused(
        run(
            descriptor(
                    "host: no-such-host.invalid, database: bad, user: poor",
                    "{table: public.orders}",
                    "path: out")
                + "engine: {retry-for: 1s}\n"),
        1,
        "no-such-host.invalid");
  }

  @Test
  void aPortWhereNothingListens() throws Exception {
    assertRefused(
        run(
            descriptor(
                    "host: 127.0.0.1, port: 1, database: bad, user: poor",
                    "{table: public.orders}",
                    "path: out")
                + "engine: {retry-for: 1s}\n"),
        1,
        "127.0.0.1:1");
  }

  @Test
  void aWrongPasswordWhichIsNeverShown() throws Exception {
    Distribution.Result result =
        run(
            descriptor(
                source("reader") + ", password: wrong-sesame",
                "{table: public.orders}",
                "path: out"));

    assertRefused(result, 1, "reader");
    assertThat(result.err() + result.out()).doesNotContain("wrong-sesame");
  }

  @Test
  void aDatabaseThatIsNotThere() throws Exception {
    assertRefused(
        run(
            descriptor(
                source("poor").replace("database: bad", "database: badd"),
                "{table: public.orders}",
                "path: out")),
        1,
        "badd");
  }

  @Test
  void aTableWithoutThePrivilegeToReadItWhileTheOthersAreRead() throws Exception {
    Distribution.Result result =
        run(
            descriptor(
                source("poor"), "{table: public.orders}, {table: public.secret}", "path: out"));

    assertThat(result.code()).as("%s", result).isEqualTo(1);
    assertThat(result.err()).containsOnlyOnce("GRANT SELECT ON").contains("public.secret");
    assertThat(result.out()).doesNotContain("GRANT");
    assertThat(Output.rows(folder.resolve("out"), "public__orders")).hasSize(10);
  }

  @Test
  void aPatternThatSelectsNothing() throws Exception {
    assertRefused(
        run(descriptor(source("poor"), "{table: crm.*}", "path: out")),
        1,
        "'crm.*' selects no table",
        "pipeline.yaml:3:");
  }

  @Test
  void twoStreamsWithOneDestination() throws Exception {
    assertRefused(
        run(
            descriptor(
                source("poor"),
                "{table: public.orders, as: x}, {table: public.items, as: x}",
                "path: out")),
        1,
        "public.items and public.orders would all be written to 'x'");
  }

  @Test
  void anOutputPathThatIsAFile() throws Exception {
    Files.createFile(folder.resolve("taken"));

    assertRefused(
        run(descriptor(source("poor"), "{table: public.orders}", "path: taken/out")), 1, "taken");
  }

  @Test
  void aFullDisk() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    exec("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString());
    try {
      Distribution.Result result =
          run(descriptor(source("postgres"), "{table: public.wide}", "path: disk/out"));

      assertThat(result.code()).as("%s", result).isEqualTo(1);
      assertThat(result.err()).containsIgnoringCase("no space left");
      assertThat(folder.resolve("disk/out/public__wide")).doesNotExist();
      assertThat(folder.resolve(".tapline/pipeline.json")).doesNotExist();
    } finally {
      exec("umount", disk.toString());
    }
  }

  @Test
  void theStateOfAnotherPipelineAndOneCutShort() throws Exception {
    String descriptor = descriptor(source("poor"), "{table: public.orders}", "path: out");
    assertThat(run("name: other\n" + descriptor).code()).isZero();
    Path state = folder.resolve(".tapline");
    Files.copy(state.resolve("other.json"), state.resolve("pipeline.json"));
    Distribution.Result foreign = run(descriptor);
    assertThat(foreign.code()).isEqualTo(1);
    assertThat(foreign.err()).contains("belongs to pipeline 'other', not to 'pipeline'");

    byte[] whole = Files.readAllBytes(state.resolve("other.json"));
    Files.write(state.resolve("pipeline.json"), java.util.Arrays.copyOf(whole, whole.length / 2));
    Distribution.Result cut = run(descriptor);
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.err()).contains("pipeline.json", "damaged or cut short");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnu", "run --no-such-option pipeline.yaml", "run"})
  void aCallThatIsWrong(String call) throws Exception {
    Distribution.Result result =
        Distribution.run(folder, List.of(call.split(" ")).toArray(String[]::new));

    assertThat(result.code()).as("%s", result).isEqualTo(2);
    assertThat(result.err()).contains("--help");
  }

  private static void exec(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
  }
}
