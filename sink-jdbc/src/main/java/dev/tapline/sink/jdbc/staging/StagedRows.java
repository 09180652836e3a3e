package dev.tapline.sink.jdbc.staging;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.sink.jdbc.table.LegacyText;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rows that a writer has prepared, as a commit describes them.
///
/// @param kind where the rows are
/// @param destination the stream's name in the destination
/// @param mode whether the rows belong to a new version
/// @param version the number of that version
/// @param layout the layout that the table needs
/// @param table the staging table; empty if there are no rows
/// @param truncate whether all rows of the table are deleted before
/// @param operations whether the staging table has the column [#OPERATION]
/// @param numbered whether it has the column [#ROW]
/// @param fill columns whose values may be missing in staged rows
public record StagedRows(
    Kind kind,
    String destination,
    WriteMode mode,
    long version,
    TableLayout layout,
    String table,
    boolean truncate,
    boolean operations,
    boolean numbered,
    List<String> fill) {

  /// The staging column with the operation: 0 puts the row, 1 deletes it, 2 deletes all.
  public static final String OPERATION = "_tl_op";

  /// The staging column with the number of the row, from 0.
  public static final String ROW = "_tl_row";

  /// The staging column with a `1` for each missing value.
  public static final String BITS = "_tl_bits";

  /// The prefix of the staging columns with the key of the row in the destination.
  public static final String FROM = "_tl_from_";

  // Formats of the payload; those before JSON are only read.
  private static final int JSON = 3;
  private static final int FIELDS = 2;
  private static final int FIELDS_WITHOUT_NUMBERS = 1;

  /// A commit without a staging table: of rows that were loaded directly, or of an empty version.
  static StagedRows withoutRows(Kind kind, TablePlan plan, WriterContext context) {
    return new StagedRows(
        kind,
        plan.destination(),
        context.mode(),
        context.version(),
        plan.layout(),
        "",
        false,
        false,
        false,
        List.of());
  }

  /// Copies the list.
  public StagedRows {
    fill = List.copyOf(fill);
  }

  /// Where the rows are. The names stand in commits.
  public enum Kind {
    /// In the table of a new version already.
    LOADED,
    /// In a staging table.
    STAGED,
    /// Rejected rows, in a staging table.
    REFUSED
  }

  /// The commit that the engine stores.
  public Commit commit() {
    return new Commit(
        JSON,
        JsonCodec.write(json -> {
          json.writeStringProperty("kind", kind.name());
          json.writeStringProperty("destination", destination);
          json.writeStringProperty("mode", mode.name());
          json.writeNumberProperty("version", version);
          json.writeStringProperty("table", table);
          json.writeBooleanProperty("truncate", truncate);
          json.writeBooleanProperty("operations", operations);
          json.writeBooleanProperty("numbered", numbered);
          json.writeArrayPropertyStart("fill");
          fill.forEach(json::writeString);
          json.writeEndArray();
          json.writeObjectPropertyStart("layout");
          layout.write(json);
          json.writeEndObject();
        }));
  }

  /// The staged rows of a commit.
  ///
  /// @throws IllegalArgumentException if a later release wrote it
  public static StagedRows of(Commit commit) {
    return switch (commit.version()) {
      case JSON -> read(JsonCodec.read(commit.payload()));
      case FIELDS -> read(LegacyText.of(commit.payload()), true);
      case FIELDS_WITHOUT_NUMBERS -> read(LegacyText.of(commit.payload()), false);
      default ->
          throw new IllegalArgumentException(
              "a commit of version %d, which this release does not know; use the one that wrote it"
                  .formatted(commit.version()));
    };
  }

  private static StagedRows read(Map<String, @Nullable Object> json) {
    return new StagedRows(
        Kind.valueOf(JsonCodec.text(json, "kind")),
        JsonCodec.text(json, "destination"),
        WriteMode.valueOf(JsonCodec.text(json, "mode")),
        Long.parseLong(JsonCodec.text(json, "version")),
        TableLayout.read(JsonCodec.object(json, "layout")),
        JsonCodec.text(json, "table"),
        Boolean.parseBoolean(JsonCodec.text(json, "truncate")),
        Boolean.parseBoolean(JsonCodec.text(json, "operations")),
        Boolean.parseBoolean(JsonCodec.text(json, "numbered")),
        JsonCodec.texts(json, "fill"));
  }

  private static StagedRows read(LegacyText fields, boolean withNumbers) {
    Kind kind = Kind.valueOf(fields.next());
    String destination = fields.next();
    WriteMode mode = WriteMode.valueOf(fields.next());
    long version = fields.number();
    String table = fields.next();
    boolean truncate = fields.flag();
    boolean operations = fields.flag();
    boolean numbered = withNumbers && fields.flag();
    List<String> fill = fields.list();
    return new StagedRows(
        kind,
        destination,
        mode,
        version,
        TableLayout.read(fields),
        table,
        truncate,
        operations,
        numbered,
        fill);
  }
}
