package dev.tapline.cli.report;

import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.state.FileErrors;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Lag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A report as JSON: what `report.json` holds. `docs/commands.md` describes it.
public final class ReportJson {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final double MILLIS = 1000.0;

  private ReportJson() {}

  /// The document, without a line feed at its end.
  public static String text(RunReport report) {
    ObjectNode root = JSON.createObjectNode();
    root.put("pipeline", report.pipeline());
    root.put("run", report.run());
    root.put("started_at", report.startedAt().toString());
    root.put("ended_at", report.endedAt().toString());
    root.put("outcome", report.outcome().word());
    ArrayNode problems = root.putArray("problems");
    report.problems().forEach(problems::add);
    ArrayNode streams = root.putArray("streams");
    report.streams().forEach(stream -> write(streams.addObject(), stream));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
  }

  private static void write(ObjectNode node, StreamReport stream) {
    node.put("database", stream.name().database());
    node.put("schema", stream.name().namespace());
    node.put("name", stream.name().name());
    node.put("label", stream.label());
    node.put("destination", stream.destination());
    node.put("method", stream.method());
    node.put("status", stream.status());
    node.put("rows", stream.rows());
    node.put("bytes", stream.bytes());
    node.put("started_at", stream.startedAt().map(Instant::toString).orElse(null));
    node.put("seconds", stream.time().toMillis() / MILLIS);
    node.put("rows_per_second", HumanReadable.perSecond(stream.rows(), stream.time()));
    ObjectNode position = node.putObject("bookmark");
    stream.position().entries().forEach(position::put);
    stream
        .lag()
        .ifPresent(lag -> {
          node.put("lag_bytes", lag.bytes());
          node.put("lag_seconds", lag.time().toMillis() / MILLIS);
        });
    node.put("error", stream.error().isEmpty() ? null : stream.error());
  }

  /// Writes a file, in whole or not at all.
  public static void write(RunReport report, Path file) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.writeString(temporary, text(report));
      Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw new IOException(FileErrors.sentence("cannot write the report", file, e), e);
    }
  }

  /// Reads a file.
  ///
  /// @throws IOException if it cannot be read, or holds no report, with the reason alone
  public static RunReport read(Path file) throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new IOException(FileErrors.of(e), e);
    }
    try {
      return read(JSON.readTree(text));
    } catch (JacksonException e) {
      throw new IOException("it is damaged or cut short (" + e.getOriginalMessage() + ")", e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("it is no report (" + e.getMessage() + ")", e);
    }
  }

  private static RunReport read(JsonNode root) {
    List<String> problems = new ArrayList<>();
    root.required("problems").forEach(problem -> problems.add(problem.asString()));
    List<StreamReport> streams = new ArrayList<>();
    root.required("streams").forEach(stream -> streams.add(stream(stream)));
    return new RunReport(
        root.required("pipeline").asString(),
        root.path("run").asString(""),
        Instant.parse(root.required("started_at").asString()),
        Instant.parse(root.required("ended_at").asString()),
        RunReport.Outcome.valueOf(root.required("outcome").asString().toUpperCase(Locale.ROOT)),
        problems,
        streams);
  }

  private static StreamReport stream(JsonNode node) {
    StreamName name =
        new StreamName(
            node.required("database").asString(),
            node.required("schema").asString(),
            node.required("name").asString());
    return new StreamReport(
        name,
        node.path("label").asString(name.toString()),
        node.required("destination").asString(),
        node.required("method").asString(),
        node.required("status").asString(),
        node.required("rows").asLong(),
        node.required("bytes").asLong(),
        node.path("started_at").isString()
            ? Optional.of(Instant.parse(node.path("started_at").asString()))
            : Optional.empty(),
        seconds(node.required("seconds")),
        position(node.required("bookmark")),
        node.has("lag_bytes")
            ? Optional.of(
                new Lag(node.required("lag_bytes").asLong(), seconds(node.required("lag_seconds"))))
            : Optional.empty(),
        node.path("error").asString(""));
  }

  private static Duration seconds(JsonNode node) {
    return Duration.ofMillis(Math.round(node.asDouble() * MILLIS));
  }

  private static Position position(JsonNode node) {
    Map<String, String> entries = new LinkedHashMap<>();
    node.properties().forEach(entry -> entries.put(entry.getKey(), entry.getValue().asString()));
    return Position.of(entries);
  }
}
