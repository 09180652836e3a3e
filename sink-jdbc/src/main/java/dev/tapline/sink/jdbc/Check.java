package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.commit.Registry;
import dev.tapline.sink.jdbc.database.Access;
import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.dialect.Traits;
import dev.tapline.sink.jdbc.plan.PlannedColumn;
import dev.tapline.sink.jdbc.plan.Planner;
import dev.tapline.sink.jdbc.plan.TablePlan;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Looks at whether the destination can be reached and can hold the streams.
final class Check {
  private static final String CONNECTION = "destination";

  private final Access access;
  private final Database database;
  private final Planner planner;
  private final Registry registry;
  private final String pipeline;
  private final List<Finding> findings = new ArrayList<>();

  Check(Access access, Database database, Planner planner, Registry registry, String pipeline) {
    this.access = access;
    this.database = database;
    this.planner = planner;
    this.registry = registry;
    this.pipeline = pipeline;
  }

  List<Finding> of(List<Stream> streams) {
    Map<String, Stream> names = new HashMap<>();
    for (Stream stream : streams) {
      Stream twin = names.put(folded(stream.destination()), stream);
      if (twin != null) {
        error(
            stream,
            "%s has one name for '%s' and '%s'"
                .formatted(access.dialect().name(), twin.destination(), stream.destination()),
            "give one of the two streams another name with 'as'");
      }
      columns(stream);
    }
    connect(streams);
    return findings;
  }

  private void columns(Stream stream) {
    TablePlan plan = planner.plan(stream.destination(), stream.schema());
    requireShort(stream, stream.destination(), "give the stream another name with 'as'");
    if (stream.destination().startsWith("_tl_") || stream.destination().startsWith("_tapline_")) {
      error(
          stream,
          "destinations that begin with '_tl_' or '_tapline_' are the sink's own",
          "give the stream another name with 'as'");
    }
    Map<String, PlannedColumn> names = new HashMap<>();
    for (PlannedColumn column : plan.columns()) {
      requireShort(stream, column.name(), "leave the column out, or rename it in the source");
      PlannedColumn twin = names.put(folded(column.name()), column);
      if (twin != null && (twin.role().isPresent() || column.role().isPresent())) {
        error(
            stream,
            "the column '%s' has the name of a metadata column".formatted(twin.name()),
            "give the latter another name with sink.metadata-fields");
      } else if (twin != null) {
        error(
            stream,
            "%s has one name for the columns '%s' and '%s'"
                .formatted(access.dialect().name(), twin.name(), column.name()),
            "leave one of the two out");
      }
    }
    if (plan.columns().isEmpty()) {
      error(stream, "it has no column, which a table must have", "leave the stream out");
    }
  }

  private void requireShort(Stream stream, String name, String remedy) {
    Traits traits = access.dialect().traits();
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length > traits.longestName()) {
      error(
          stream,
          "the name '%s' has %d bytes, and %s allows %d"
              .formatted(name, length, access.dialect().name(), traits.longestName()),
          remedy);
    }
  }

  private String folded(String name) {
    return access.dialect().traits().caseSensitive() ? name : name.toLowerCase(Locale.ROOT);
  }

  private void connect(List<Stream> streams) {
    try {
      database.transaction(
          "looking at the tables",
          connection -> {
            boolean known = registry.exists(connection);
            for (Stream stream : streams) {
              Optional<String> owner =
                  known ? registry.owner(connection, stream.destination()) : Optional.empty();
              if (owner.isPresent() && !owner.get().equals(pipeline)) {
                error(
                    stream,
                    "its table '%s' is written by the pipeline '%s'"
                        .formatted(stream.destination(), owner.get()),
                    "give the stream another name with 'as'");
              } else if (owner.isEmpty() && database.exists(connection, stream.destination())) {
                error(
                    stream,
                    "there is a table '%s' in the destination that Tapline has not made"
                        .formatted(stream.destination()),
                    "drop it, or give the stream another name with 'as'");
              }
            }
            return known;
          });
      findings.add(
          Finding.ok(
              CONNECTION,
              "connected, and writing as %s can be".formatted(access.dialect().name())));
    } catch (IOException e) {
      findings.add(
          Finding.error(
              CONNECTION,
              String.valueOf(e.getMessage()),
              "see that sink.url, user and password are right, and that the driver's jar is in the plug-in's folder"));
    }
  }

  private void error(Stream stream, String message, String remedy) {
    findings.add(Finding.error(stream.name().toString(), message, remedy));
  }
}
