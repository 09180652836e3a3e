/// The checks of `runtime check`.
package dev.tapline.source.postgres.preflight;
