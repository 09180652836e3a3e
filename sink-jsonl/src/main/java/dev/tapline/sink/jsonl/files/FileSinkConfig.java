package dev.tapline.sink.jsonl.files;

import dev.tapline.sink.jsonl.encoding.RowFormat;
import java.nio.file.Path;

/// How files are written.
///
/// @param path the root folder
/// @param oneFile whether a stream is one file instead of a folder of files
/// @param compression how files are compressed
/// @param level the compression level
/// @param fileSize the size on disk at which a writer starts another file
/// @param rows the format of rows
public record FileSinkConfig(
    Path path,
    boolean oneFile,
    Compression compression,
    int level,
    long fileSize,
    RowFormat rows) {}
