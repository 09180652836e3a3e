package dev.tapline.sink.parquet;

import dev.tapline.files.s3.S3Config;
import dev.tapline.sink.parquet.schema.TypePolicy;
import dev.tapline.spi.config.Location;
import java.util.Optional;

/// How files are laid out.
///
/// @param path the folder for everything, or its address
/// @param s3 how to reach the store, if the address is one of S3
/// @param fileSize from how many bytes on a writer begins another file
/// @param types how types are mapped
/// @param layout folders below those of streams, and what stands in them
public record OutputConfig(
    Location path, Optional<S3Config> s3, long fileSize, TypePolicy types, FolderLayout layout) {}
