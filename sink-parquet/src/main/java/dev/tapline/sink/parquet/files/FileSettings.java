package dev.tapline.sink.parquet.files;

import dev.tapline.sink.parquet.plan.TypePolicy;
import java.nio.file.Path;

/// How files are laid out.
///
/// @param path the folder for everything
/// @param fileSize from how many bytes on a writer begins another file
/// @param types how types are mapped
/// @param layout folders below those of streams, and what stands in them
public record FileSettings(Path path, long fileSize, TypePolicy types, Layout layout) {}
