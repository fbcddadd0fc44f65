using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Packages;

/// <summary>All packages, packed once as a release packs them, from what is built already.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    /// <summary>The version that they are packed as.</summary>
    public const string Version = "9.8.7-test.1";

    private readonly TemporaryDirectory _folder = new();

    /// <summary>Where they are.</summary>
    public string Folder => _folder["packages"];

    /// <summary>The packages that people add.</summary>
    internal IReadOnlyList<Package> Packages { get; private set; } = [];

    public async Task InitializeAsync()
    {
        await Command.RunAsync("dotnet", [
            "msbuild",
            "build/pack.proj",
            "-p:Configuration=Release",
            "-p:NoBuild=true",
            $"-p:PackageOutputPath={Folder}",
            $"-p:Version={Version}",
            "-maxcpucount", "-nodeReuse:false", "-verbosity:quiet", "-nologo", "-warnaserror",
        ]);
        Packages = [.. Directory.GetFiles(Folder, "*.nupkg").Order().Select(file => new Package(file))];
    }

    public Task DisposeAsync()
    {
        foreach (var package in Packages)
        {
            package.Dispose();
        }

        _folder.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Opens the symbols of a package.</summary>
    internal Package SymbolsOf(Package package) => new(Path.Combine(Folder, $"{package.Id}.{Version}.snupkg"));
}
