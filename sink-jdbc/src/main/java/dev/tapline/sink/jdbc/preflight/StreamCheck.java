package dev.tapline.sink.jdbc.preflight;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.sink.jdbc.table.TablePlanner;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks the names, columns and keys of a stream against the limits of the dialect, without asking
/// the database.
final class StreamCheck {
  private static final Pattern LENGTH =
      Pattern.compile("(?i)(?:character|character varying|varchar)\\((\\d+)\\).*");
  private static final int USUAL = 255;

  private final TablePlanner planner;
  private final Findings findings;

  /// @param findings receives the findings
  StreamCheck(TablePlanner planner, Findings findings) {
    this.planner = planner;
    this.findings = findings;
  }

  private Dialect dialect() {
    return planner.dialect();
  }

  void check(Stream stream) {
    TablePlan plan = planner.plan(stream.destination(), stream.schema());
    dialect()
        .tableNameProblem(stream.destination())
        .ifPresent(reason ->
            refuse(stream, stream.destination(), reason, "give the stream another name with 'as'"));
    if (stream.destination().startsWith("_tl_") || stream.destination().startsWith("_tapline_")) {
      findings.error(
          stream,
          "destinations that begin with '_tl_' or '_tapline_' are the sink's own",
          "give the stream another name with 'as'");
    }
    checkColumns(stream, plan);
    checkKey(stream, plan);
  }

  private void checkColumns(Stream stream, TablePlan plan) {
    Map<String, PlannedColumn> names = new HashMap<>();
    for (PlannedColumn column : plan.columns()) {
      dialect()
          .nameProblem(column.name())
          .ifPresent(reason ->
              refuse(
                  stream,
                  column.name(),
                  reason,
                  "leave the column out, or rename it in the source"));
      PlannedColumn twin = names.put(dialect().traits().fold(column.name()), column);
      if (twin != null && (twin.metadata().isPresent() || column.metadata().isPresent())) {
        findings.error(
            stream,
            "the column '%s' has the name of a metadata column".formatted(twin.name()),
            "give the latter another name with sink.metadata-fields");
      } else if (twin != null) {
        findings.error(
            stream,
            "%s has one name for the columns '%s' and '%s'"
                .formatted(dialect().name(), twin.name(), column.name()),
            "leave one of the two out");
      }
    }
    if (plan.columns().isEmpty()) {
      findings.error(stream, "it has no column, which a table must have", "leave the stream out");
    }
  }

  /// Warns of a text of a key that may be longer in the source than here.
  private void checkKey(Stream stream, TablePlan plan) {
    for (Field field : stream.schema().fields()) {
      PlannedColumn column = plan.columns().get(stream.schema().indexOf(field.name()));
      OptionalInt room = length(column.type().sql());
      if (!plan.key().contains(field.name()) || room.isEmpty()) {
        continue;
      }
      OptionalInt declared = length(field.sourceType());
      String wanted = declared.isPresent() ? declared.getAsInt() + " characters" : "any length";
      if (room.getAsInt() < declared.orElse(USUAL)) {
        findings.add(
            Finding.warning(
                stream.name(),
                "the column '%s' of the key may have %s, and %s has room for %d of them; a row with a longer value is refused"
                    .formatted(field.name(), wanted, dialect().name(), room.getAsInt()),
                "keep every change instead of a table with that key by 'sink.modes: {\"%s\": append}' if there are longer values"
                    .formatted(stream.destination())));
      }
    }
  }

  private static OptionalInt length(String type) {
    Matcher sized = LENGTH.matcher(type);
    try {
      return sized.matches()
          ? OptionalInt.of(Integer.parseInt(sized.group(1)))
          : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  private void refuse(Stream stream, String name, String reason, String remedy) {
    findings.error(stream, "the name '%s' %s".formatted(name, reason), remedy);
  }
}
