package dev.tapline.sink.jsonl.files;

import dev.tapline.sink.jsonl.encoding.RowFormat;
import java.nio.file.Path;

/// How files are written.
///
/// @param path the folder for everything
/// @param oneFile whether a stream is one file, and not a folder of files
/// @param compression how files are compressed
/// @param level of the compression
/// @param fileSize from how many bytes on the disk a writer begins another file
/// @param rows what rows look like
public record FileSinkConfig(
    Path path,
    boolean oneFile,
    Compression compression,
    int level,
    long fileSize,
    RowFormat rows) {}
