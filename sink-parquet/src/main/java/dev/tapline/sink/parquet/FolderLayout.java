package dev.tapline.sink.parquet;

/// What the folder of a stream looks like.
///
/// @param partitioning how rows are spread over folders
/// @param column the column that they are spread by, with [Partitioning#COLUMN]
/// @param successMarker whether a file `_SUCCESS` says that the first load is complete
/// @param compact whether a merged image of the stream is kept beside its folder
public record FolderLayout(
    Partitioning partitioning, String column, boolean successMarker, boolean compact) {
  /// A folder of files.
  public static final FolderLayout PLAIN = new FolderLayout(Partitioning.NONE, "", false, false);

  /// How rows are spread over folders.
  public enum Partitioning {
    /// Not at all.
    NONE,
    /// By the day on which they are written.
    LOAD_DATE,
    /// By the value of a column.
    COLUMN
  }
}
