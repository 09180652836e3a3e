package dev.tapline.sink.parquet.files;

import dev.tapline.files.s3.S3Settings;
import dev.tapline.sink.parquet.plan.TypePolicy;
import dev.tapline.spi.config.Location;
import java.util.Optional;

/// How files are laid out.
///
/// @param path the folder for everything, or its address
/// @param s3 how to reach the store, if the address is one of S3
/// @param fileSize from how many bytes on a writer begins another file
/// @param types how types are mapped
/// @param layout folders below those of streams, and what stands in them
public record FileSettings(
    Location path, Optional<S3Settings> s3, long fileSize, TypePolicy types, Layout layout) {}
