/// The source's section of a descriptor, with the conventions of libpq: connection strings, service
/// files, environment variables.
package dev.tapline.source.postgres.config;
