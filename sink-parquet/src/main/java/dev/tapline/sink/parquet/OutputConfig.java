package dev.tapline.sink.parquet;

import dev.tapline.files.s3.S3Config;
import dev.tapline.sink.parquet.schema.TypePolicy;
import dev.tapline.spi.config.Location;
import java.util.Optional;

/// Where files go and how they are laid out.
///
/// @param path the root folder or the address of one
/// @param s3 the object store, if the path is in S3
/// @param fileSize the size at which a writer starts another file
/// @param types how types are mapped
/// @param layout the folders of a stream
public record OutputConfig(
    Location path, Optional<S3Config> s3, long fileSize, TypePolicy types, FolderLayout layout) {}
