package dev.tapline.sink.jsonl;

import dev.tapline.sink.jsonl.encoding.JsonPolicy;
import dev.tapline.sink.jsonl.files.Compression;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigSpec;
import java.nio.file.Path;
import java.util.Map;

/// The options of the sink's section in a descriptor.
final class JsonLinesSinkOptions {
  /// Where rows go.
  enum Layout {
    FOLDER,
    FILE,
    STDOUT
  }

  /// The formats of lines.
  enum Format {
    JSON,
    SINGER
  }

  /// Sets of metadata fields.
  enum Preset {
    TAPLINE,
    STITCH,
    NONE
  }

  private static final long MIN_FILE_SIZE = 64L << 10;
  private static final long DEFAULT_FILE_SIZE = 256L << 20;

  static final ConfigKey<Path> PATH =
      ConfigKey.path("path")
          .calledElsewhere("folder", "directory", "destination-path", "output")
          .doc(
              "Folder to write to; it is made when it is missing. Required unless rows go to stdout.");

  static final ConfigKey<Layout> LAYOUT =
      ConfigKey.choice("layout", Layout.class)
          .withDefault(Layout.FOLDER)
          .doc(
              "`folder`: each stream is a folder of files, `<path>/<destination>/*.jsonl`. `file`: each"
                  + " stream is one file, `<path>/<destination>.jsonl`. `stdout`: all rows go to standard"
                  + " output.");

  static final ConfigKey<Format> FORMAT =
      ConfigKey.choice("format", Format.class)
          .withDefault(Format.JSON)
          .doc(
              "`json`: a line is a row. `singer`: lines are Singer's SCHEMA, RECORD, ACTIVATE_VERSION and"
                  + " STATE messages, on standard output.");

  static final ConfigKey<Compression> COMPRESSION =
      ConfigKey.choice("compression", Compression.class)
          .withDefault(Compression.NONE)
          .doc("Compresses files: `gzip` (`.jsonl.gz`) or `zstd` (`.jsonl.zst`).");

  static final ConfigKey<Long> COMPRESSION_LEVEL =
      ConfigKey.integer("compression-level")
          .range(1, Compression.ZSTD.highestLevel())
          .doc(
              "How hard to compress: 1 (fast) to 9 with `gzip` (default 6), to 19 with `zstd` (default 3).");

  static final ConfigKey<Long> FILE_SIZE =
      ConfigKey.size("file-size")
          .range(MIN_FILE_SIZE, Long.MAX_VALUE)
          .withDefault(DEFAULT_FILE_SIZE)
          .doc(
              "With `layout: folder`, a writer begins another file once one has this size on the disk,"
                  + " that is, after compression. Every checkpoint ends files too.");

  static final ConfigKey<JsonPolicy> JSON =
      ConfigKey.choice("json", JsonPolicy.class)
          .withDefault(JsonPolicy.EMBED)
          .doc(
              "How values of JSON columns are written: `embed` makes the document part of the row, on one"
                  + " line; `text` writes it as a string, byte by byte as the source has it.");

  static final ConfigKey<Preset> METADATA =
      ConfigKey.choice("metadata", Preset.class)
          .withDefault(Preset.TAPLINE)
          .doc(
              "The fields added at the end of each row: `tapline` (`_op`, `_extracted_at`, and for rows"
                  + " out of a log `_lsn`, `_seq`, `_committed_at`, `_xid`, `_deleted_at`; with `layout: stdout` also `_stream`), `stitch`"
                  + " (the `_sdc_*` fields) or `none`. With `format: singer`, `_sdc_deleted_at` unless given.");

  static final ConfigKey<Map<String, String>> METADATA_FIELDS =
      ConfigKey.map("metadata-fields")
          .withDefault(Map.of())
          .doc(
              "Other names for metadata fields, as in `{_op: operation}`. An empty name leaves the field"
                  + " out; a field that the preset lacks is added.");

  static final ConfigKey<Path> TARGET_STATE =
      ConfigKey.path("target-state")
          .calledElsewhere("singer-state", "state-file", "state")
          .doc(
              "With `format: singer`: the file that the target's output is appended to, as in `runtime run pipeline.yaml | target >> state.json`. A run begins with its last line, which says what the"
                  + " target has made durable. Without it every stream begins anew in each run, and LOG_BASED is refused.");

  static final ConfigSpec SPEC =
      ConfigSpec.of(
          PATH,
          LAYOUT,
          FORMAT,
          TARGET_STATE,
          COMPRESSION,
          COMPRESSION_LEVEL,
          FILE_SIZE,
          JSON,
          METADATA,
          METADATA_FIELDS);

  private JsonLinesSinkOptions() {}
}
