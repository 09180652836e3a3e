package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.staging.RejectedRowPolicy;
import dev.tapline.sink.jdbc.table.DeleteMode;
import dev.tapline.sink.jdbc.table.MetadataPreset;
import dev.tapline.sink.jdbc.table.SpecialValuePolicy;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The options of the sink's section in a descriptor.
final class JdbcSinkOptions {
  private static final int USUAL_CONNECTIONS = 10;
  private static final int FEWEST_CONNECTIONS = 2;
  private static final int MOST_CONNECTIONS = 200;

  static final ConfigKey<String> URL =
      ConfigKey.string("url")
          .required()
          .doc(
              "The driver's URL: `jdbc:postgresql://host:5432/database`, `jdbc:mariadb://host/database`, `jdbc:h2:`,"
                  + " `jdbc:sqlite:`, `jdbc:duckdb:`, or that of any driver whose jar is in the plug-in's folder.");

  static final ConfigKey<Path> FILE =
      ConfigKey.path("file")
          .doc(
              "The file of a database that is one file: it is appended to `url`, and is relative to the descriptor.");

  static final ConfigKey<String> USER = ConfigKey.string("user").doc("Who connects.");

  static final ConfigKey<Secret> PASSWORD =
      ConfigKey.secret("password").doc("The password, best as `${env:...}` or `${file:...}`.");

  static final ConfigKey<Map<String, String>> PROPERTIES =
      ConfigKey.map("properties")
          .withDefault(Map.of())
          .doc("Further properties of the driver, as in `{ssl: \"true\"}`.");

  static final ConfigKey<String> SCHEMA =
      ConfigKey.string("schema")
          .withDefault("")
          .doc(
              "The schema (MariaDB: the database) of all tables, made when it is missing; by default the one that a"
                  + " connection begins in.");

  static final ConfigKey<Long> CONNECTIONS =
      ConfigKey.integer("connections")
          .range(FEWEST_CONNECTIONS, MOST_CONNECTIONS)
          .withDefault((long) USUAL_CONNECTIONS)
          .doc("The most connections at a time.");

  static final ConfigKey<Map<String, String>> MODES =
      ConfigKey.map("modes")
          .withDefault(Map.of())
          .doc(
              "What tables hold, by destination, with `*` for anything: `merge` (the rows as they are; the default"
                  + " where there is a key) or `append` (every row and change that ever came).");

  static final ConfigKey<DeleteMode> DELETES =
      ConfigKey.choice("deletes", DeleteMode.class)
          .withDefault(DeleteMode.HARD)
          .doc(
              "`hard`: a deleted row is removed. `soft`: it stays, with the time in `_deleted_at`.");

  static final ConfigKey<MetadataPreset> METADATA =
      ConfigKey.choice("metadata", MetadataPreset.class)
          .withDefault(MetadataPreset.MINIMAL)
          .doc(
              "Which columns stand behind the data: `minimal` (what is needed to understand appended and deleted rows),"
                  + " `tapline` (when and where from), `stitch` (`_sdc_*`).");

  static final ConfigKey<Map<String, String>> METADATA_FIELDS =
      ConfigKey.map("metadata-fields")
          .withDefault(Map.of())
          .doc(
              "Other names for these columns, as in `{_op: change}`; an empty one drops the column.");

  static final ConfigKey<SpecialValuePolicy> SPECIAL_VALUES =
      ConfigKey.choice("special-values", SpecialValuePolicy.class)
          .withDefault(SpecialValuePolicy.FAIL)
          .doc(
              "What becomes of values that a column's type cannot hold in this database (infinite dates, NaN, years"
                  + " beyond its own): `fail` refuses the row, `null` writes NULL and reports the count, `text` makes"
                  + " every column of such a type text.");

  static final ConfigKey<List<String>> TEXT_COLUMNS =
      ConfigKey.strings("text-columns")
          .withDefault(List.of())
          .doc(
              "Columns to be text in PostgreSQL's form, whatever they hold: `destination.column`, with `*` for"
                  + " anything.");

  static final ConfigKey<RejectedRowPolicy> REFUSED_ROWS =
      ConfigKey.choice("refused-rows", RejectedRowPolicy.class)
          .withDefault(RejectedRowPolicy.FAIL)
          .doc(
              "A row that the database does not take: `fail` ends its stream, `table` keeps it with the reason in"
                  + " `_tapline_rejected` (`_sdc_rejected` with `metadata: stitch`).");

  static final ConfigSpec SPEC =
      ConfigSpec.of(
          URL,
          FILE,
          USER,
          PASSWORD,
          PROPERTIES,
          SCHEMA,
          CONNECTIONS,
          MODES,
          DELETES,
          METADATA,
          METADATA_FIELDS,
          SPECIAL_VALUES,
          TEXT_COLUMNS,
          REFUSED_ROWS);

  private JdbcSinkOptions() {}
}
