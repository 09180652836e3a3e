package dev.tapline.sink.jdbc.preflight;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.sink.jdbc.table.TablePlanner;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks at whether the names, columns and keys of streams are such that the database can have
/// them. Nothing is asked of it.
final class StreamCheck {
  private static final Pattern LENGTH =
      Pattern.compile("(?i)(?:character|character varying|varchar)\\((\\d+)\\).*");
  private static final int USUAL = 255;

  private final TablePlanner planner;
  private final List<Finding> findings;

  /// @param findings gets what is found
  StreamCheck(TablePlanner planner, List<Finding> findings) {
    this.planner = planner;
    this.findings = findings;
  }

  private Dialect dialect() {
    return planner.dialect();
  }

  void look(Stream stream) {
    TablePlan plan = planner.plan(stream.destination(), stream.schema());
    dialect()
        .tableNameProblem(stream.destination())
        .ifPresent(reason ->
            refuse(stream, stream.destination(), reason, "give the stream another name with 'as'"));
    if (stream.destination().startsWith("_tl_") || stream.destination().startsWith("_tapline_")) {
      error(
          stream,
          "destinations that begin with '_tl_' or '_tapline_' are the sink's own",
          "give the stream another name with 'as'");
    }
    columns(stream, plan);
    key(stream, plan);
  }

  private void columns(Stream stream, TablePlan plan) {
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
                .formatted(dialect().name(), twin.name(), column.name()),
            "leave one of the two out");
      }
    }
    if (plan.columns().isEmpty()) {
      error(stream, "it has no column, which a table must have", "leave the stream out");
    }
  }

  /// A text of a key may be longer in the source than here.
  private void key(Stream stream, TablePlan plan) {
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
                stream.name().toString(),
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
    error(stream, "the name '%s' %s".formatted(name, reason), remedy);
  }

  private String folded(String name) {
    return dialect().traits().caseSensitive() ? name : name.toLowerCase(Locale.ROOT);
  }

  private void error(Stream stream, String message, String remedy) {
    findings.add(Finding.error(stream.name().toString(), message, remedy));
  }
}
