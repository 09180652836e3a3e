package dev.tapline.sink.parquet;

/// How the files of a stream are arranged in folders.
///
/// @param partitioning how rows are distributed over subfolders
/// @param column the column that decides, with [Partitioning#COLUMN]
/// @param successMarker whether a file `_SUCCESS` marks a complete load
/// @param compact whether a compacted copy of the stream is kept in a folder of its own
public record FolderLayout(
    Partitioning partitioning, String column, boolean successMarker, boolean compact) {
  /// One folder for all files.
  public static final FolderLayout PLAIN = new FolderLayout(Partitioning.NONE, "", false, false);

  /// How rows are distributed over subfolders.
  public enum Partitioning {
    /// All files are in the stream's folder.
    NONE,
    /// By the day of the load.
    LOAD_DATE,
    /// By the value of a column.
    COLUMN
  }
}
