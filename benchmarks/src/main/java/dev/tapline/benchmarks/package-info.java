/// Compares the hot paths with well-kept libraries, and serves the comparison of whole processes.
@NullMarked
package dev.tapline.benchmarks;

import org.jspecify.annotations.NullMarked;
