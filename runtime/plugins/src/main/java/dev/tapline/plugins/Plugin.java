package dev.tapline.plugins;

import dev.tapline.spi.Provider;

/// A plug-in that is there to be used.
///
/// @param kind what it is
/// @param name the `type:` or `method:` that means it
/// @param provider its entry
/// @param version the version of its module, or nothing
/// @param location the jar that holds it, or `runtime` for what the runtime itself provides
public record Plugin(
    PluginKind kind, String name, Provider provider, String version, String location) {}
