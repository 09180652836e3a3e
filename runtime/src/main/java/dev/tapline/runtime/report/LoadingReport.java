package dev.tapline.runtime.report;

import dev.tapline.runtime.engine.RunResult;
import dev.tapline.runtime.engine.StreamProgress;
import dev.tapline.runtime.logging.Secrets;
import dev.tapline.runtime.state.PositionText;
import dev.tapline.runtime.state.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a run has loaded: a table for people, and the same as JSON to keep.
public final class LoadingReport {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final int LAG = 8;

  private final RunResult result;

  /// @param result the run, which has ended
  public LoadingReport(RunResult result) {
    this.result = result;
  }

  /// The table, a row a stream, with the errors and a line that sums up.
  public String text() {
    boolean logs = result.streams().stream().anyMatch(stream -> stream.lag().isPresent());
    Table table =
        Table.of(
            cells(
                logs,
                "stream",
                "method",
                "status",
                ">rows",
                ">bytes",
                ">seconds",
                ">rows/s",
                "bookmark",
                "lag"));
    for (StreamProgress stream : result.streams()) {
      Duration time = time(stream);
      table.row(
          cells(
              logs,
              stream.label(),
              stream.stream().method(),
              status(stream),
              Amounts.count(stream.rows()),
              Amounts.bytes(stream.bytes()),
              Amounts.seconds(time),
              Amounts.count(Amounts.perSecond(stream.rows(), time)),
              stream.bookmark().isStart() ? "-" : PositionText.of(stream.bookmark()),
              stream.lag().map(Amounts::lag).orElse("-")));
    }
    StringBuilder text = new StringBuilder(table.toString());
    // Below, as a sentence with its remedy is wider than any table.
    for (StreamProgress stream : result.streams()) {
      stream
          .error()
          .ifPresent(error ->
              text.append("error: ")
                  .append(stream.label())
                  .append(": ")
                  .append(Secrets.mask(error).replaceAll("\\s+", " "))
                  .append('\n'));
    }
    result
        .problems()
        .forEach(problem -> text.append("error: ").append(Secrets.mask(problem)).append('\n'));
    return text.append(summary()).append('\n').toString();
  }

  /// The cells of a row, the one for the lag only where some stream reads a log.
  private static String[] cells(boolean logs, String... cells) {
    List<String> kept = new ArrayList<>(List.of(cells));
    if (!logs) {
      kept.remove(LAG);
    }
    return kept.toArray(String[]::new);
  }

  private String summary() {
    long rows = result.streams().stream().mapToLong(StreamProgress::rows).sum();
    long bytes = result.streams().stream().mapToLong(StreamProgress::bytes).sum();
    long done =
        result.streams().stream()
            .filter(stream -> stream.status() == StreamProgress.Status.DONE)
            .count();
    Duration time = Duration.between(result.startedAt(), result.endedAt());
    return "%s: %d of %d streams, %s rows, %s in %s s (%s rows/s)%s%s"
        .formatted(
            result.pipeline(),
            done,
            result.streams().size(),
            Amounts.count(rows),
            Amounts.bytes(bytes),
            Amounts.seconds(time),
            Amounts.count(Amounts.perSecond(rows, time)),
            result.stopped() ? isCutShort() ? "; stopped before the end" : "; stopped" : "",
            outside());
  }

  /// What was not even begun is no stream of the table.
  private String outside() {
    return switch (result.problems().size()) {
      case 0 -> "";
      case 1 -> "; 1 error is about what could not begin";
      default -> "; %d errors are about what could not begin".formatted(result.problems().size());
    };
  }

  /// Whether a stream was stopped that would have come to an end; a log that is followed has none.
  private boolean isCutShort() {
    return result.streams().stream()
        .anyMatch(
            stream -> stream.status() == StreamProgress.Status.STOPPED && stream.lag().isEmpty());
  }

  /// Writes the report as JSON, in whole or not at all.
  public void write(Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.write(temporary, JSON.writeValueAsBytes(json()));
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new IOException(Reasons.sentence("cannot write the report", file, e), e);
    }
  }

  private ObjectNode json() {
    ObjectNode root = JSON.createObjectNode();
    root.put("pipeline", result.pipeline());
    root.put("started_at", result.startedAt().toString());
    root.put("ended_at", result.endedAt().toString());
    root.put("outcome", result.stopped() ? "stopped" : result.isSuccess() ? "succeeded" : "failed");
    ArrayNode problems = root.putArray("problems");
    result.problems().forEach(problem -> problems.add(Secrets.mask(problem)));
    ArrayNode streams = root.putArray("streams");
    for (StreamProgress stream : result.streams()) {
      Duration time = time(stream);
      ObjectNode node = streams.addObject();
      node.put("database", stream.stream().name().database());
      node.put("schema", stream.stream().name().namespace());
      node.put("name", stream.stream().name().name());
      node.put("destination", stream.stream().destination());
      node.put("method", stream.stream().method());
      node.put("status", status(stream));
      node.put("rows", stream.rows());
      node.put("bytes", stream.bytes());
      node.put("started_at", stream.startedAt().map(Instant::toString).orElse(null));
      node.put("seconds", time.toMillis() / 1000.0);
      node.put("rows_per_second", Amounts.perSecond(stream.rows(), time));
      ObjectNode bookmark = node.putObject("bookmark");
      stream.bookmark().entries().forEach(bookmark::put);
      stream
          .lag()
          .ifPresent(lag -> {
            node.put("lag_bytes", lag.bytes());
            node.put("lag_seconds", lag.time().toMillis() / 1000.0);
          });
      node.put("error", stream.error().map(Secrets::mask).orElse(null));
    }
    return root;
  }

  private static Duration time(StreamProgress stream) {
    Optional<Instant> start = stream.startedAt();
    return start.isEmpty()
        ? Duration.ZERO // stopped, or failed, before its first read began
        : Duration.between(
            start.get(), stream.endedAt().filter(start.get()::isBefore).orElse(start.get()));
  }

  private static String status(StreamProgress stream) {
    return stream.status().name().toLowerCase(Locale.ROOT);
  }
}
