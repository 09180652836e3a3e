package dev.tapline.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folder that the demo leaves: its pipelines, and what they have written.
public final class DemoFolder {
  private static final String SHOWN = "public__orders";
  private static final int SHOWN_LINES = 3;

  private static final String PIPELINE =
      """
      # The pipeline of 'runtime demo'. The variables are libpq's: with them set to a database of
      # yours, 'runtime run' runs it.
      name: demo
      source:
        type: postgres
        host: ${env:PGHOST}
        port: ${env:PGPORT}
        database: ${env:PGDATABASE}
        user: ${env:PGUSER}
        password: ${env:PGPASSWORD}
      method: FULL_TABLE          # every row, each run
      streams:
        - table: public.*
      sink:
        type: jsonl
        path: out                 # beside this file
      """;

  private static final String FOLLOWING =
      """
      # The demo's second part: 'runtime run --continuous follow.yaml' copies the tables once and then
      # brings each change, out of the server's log.
      name: demo-follow
      source:
        type: postgres
        host: ${env:PGHOST}
        port: ${env:PGPORT}
        database: ${env:PGDATABASE}
        user: ${env:PGUSER}
        password: ${env:PGPASSWORD}
      method: LOG_BASED
      streams:
        - table: public.*
      sink:
        type: jsonl
        path: followed
      engine:
        checkpoint: {interval: 500ms}   # how long a change waits at the most
      """;

  /// Of how many columns each table's key is.
  private static final Map<String, Integer> KEYS =
      new TreeMap<>(
          Map.of("customers", 1, "products", 1, "orders", 1, "order_lines", 2, "events", 1));

  private final Path folder;

  public DemoFolder(Path folder) {
    this.folder = folder;
  }

  public Path pipelineFile() {
    return folder.resolve("pipeline.yaml");
  }

  public Path followingFile() {
    return folder.resolve("follow.yaml");
  }

  /// Writes the pipelines, unless they are there.
  ///
  /// @throws IOException if other ones are there
  public void writePipelines() throws IOException {
    write(pipelineFile(), PIPELINE);
    write(followingFile(), FOLLOWING);
  }

  private void write(Path file, String text) throws IOException {
    if (Files.exists(file)) {
      if (!Files.readString(file).equals(text)) {
        throw new IOException(
            "'%s' is not what the demo writes, so it is left alone; name another folder with --dir, or remove the file"
                .formatted(file));
      }
      return;
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new IOException(
          "cannot write '%s' (%s); name another folder with --dir".formatted(file, e), e);
    }
  }

  /// What is about to run.
  public String pipelineText() {
    return "%n--- %s%n%s---%n%n".formatted(pipelineFile(), PIPELINE);
  }

  /// What is about to run in the second part.
  public String followingText() {
    return "%nThe shop does not stand still. Now a run that follows it while orders come in:%n%n--- %s%n%s---%n%n"
        .formatted(followingFile(), FOLLOWING);
  }

  /// The changes that came last.
  public String lastChangesText() throws IOException {
    List<Path> files = DemoComparison.files(folder.resolve("followed").resolve(SHOWN));
    Path file = files.getLast();
    List<String> lines = Files.readAllLines(file);
    return "%n--- %s%n%s%n---%n"
        .formatted(
            file,
            String.join(
                "\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size())));
  }

  /// Compares what came out of the log with what the tables hold.
  public DemoComparison compare() throws IOException {
    DemoComparison comparison = new DemoComparison();
    for (Map.Entry<String, Integer> key : KEYS.entrySet()) {
      String destination = "public__" + key.getKey();
      comparison.add(
          key.getKey(),
          folder.resolve("followed").resolve(destination),
          folder.resolve("out").resolve(destination),
          key.getValue());
    }
    return comparison;
  }

  /// The first rows that were written.
  public String resultText() throws IOException {
    Path file = firstFile(folder.resolve("out").resolve(SHOWN));
    StringBuilder text = new StringBuilder("%n--- %s%n".formatted(file));
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.lines().limit(SHOWN_LINES).forEach(line -> text.append(line).append('\n'));
    }
    return text.append("---\n").toString();
  }

  /// What to do with all that.
  public String nextText() {
    String path = folder.toString();
    boolean plain = path.matches("[\\w./-]+");
    // The query stands in single quotes within double ones.
    String quoted = path.replace("'", "''").replaceAll("([\\\\\"$`])", "\\\\$1");
    return """

    What to try next:

      ls %1$s/out/*
      jq -r .status %1$s/out/public__orders/*.jsonl | sort | uniq -c
      jq -c 'select(._op != "r")' %1$s/followed/public__products/*.jsonl
      duckdb -c "SELECT country, count(*) FROM read_json('%2$s/out/public__customers/*.jsonl') GROUP BY country"
      bin/runtime plugins describe sink jsonl

    The demo's server is gone. With a database of yours:

      export PGHOST=localhost PGPORT=5432 PGDATABASE=... PGUSER=... PGPASSWORD=...
      mkdir mine && cp %1$s/pipeline.yaml mine/
      bin/runtime check mine/pipeline.yaml
      bin/runtime discover mine/pipeline.yaml
      bin/runtime run mine/pipeline.yaml
    """
        .formatted(plain ? path : "'" + path.replace("'", "'\\''") + "'", quoted);
  }

  private static Path firstFile(Path destination) throws IOException {
    try (Stream<Path> files = Files.list(destination)) {
      List<Path> found = files.sorted().limit(1).collect(Collectors.toList());
      if (found.isEmpty()) {
        throw new IOException("there is no file in '" + destination + "'");
      }
      return found.getFirst();
    }
  }
}
