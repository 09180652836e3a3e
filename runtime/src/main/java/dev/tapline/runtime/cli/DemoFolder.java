package dev.tapline.runtime.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The folder that the demo leaves: its pipeline, and what that has written.
final class DemoFolder {
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

  private final Path folder;

  DemoFolder(Path folder) {
    this.folder = folder;
  }

  Path pipelineFile() {
    return folder.resolve("pipeline.yaml");
  }

  /// Writes the pipeline, unless it is there.
  ///
  /// @throws IOException if another one is there
  void writePipeline() throws IOException {
    Path file = pipelineFile();
    if (Files.exists(file)) {
      if (!Files.readString(file).equals(PIPELINE)) {
        throw new IOException(
            "'%s' is not what the demo writes, so it is left alone; name another folder with --dir, or remove the file"
                .formatted(file));
      }
      return;
    }
    try {
      Files.createDirectories(folder);
      Files.writeString(file, PIPELINE);
    } catch (IOException e) {
      throw new IOException(
          "cannot write '%s' (%s); name another folder with --dir".formatted(file, e), e);
    }
  }

  /// What is about to run.
  String pipelineText() {
    return "%n--- %s%n%s---%n%n".formatted(pipelineFile(), PIPELINE);
  }

  /// The first rows that were written, and what to do with them.
  String resultText() throws IOException {
    Path file = firstFile(folder.resolve("out").resolve(SHOWN));
    StringBuilder text = new StringBuilder("%n--- %s%n".formatted(file));
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      lines.lines().limit(SHOWN_LINES).forEach(line -> text.append(line).append('\n'));
    }
    return text.append("---\n").append(next()).toString();
  }

  private String next() {
    String path = folder.toString();
    boolean plain = path.matches("[\\w./-]+");
    // The query stands in single quotes within double ones.
    String quoted = path.replace("'", "''").replaceAll("([\\\\\"$`])", "\\\\$1");
    return """

    What to try next:

      ls %1$s/out/*
      jq -r .status %1$s/out/public__orders/*.jsonl | sort | uniq -c
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
