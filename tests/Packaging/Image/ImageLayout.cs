using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Image;

/// <summary>What the image has in it, made once by the Dockerfile's own commands from what is built already.</summary>
public sealed class ImageLayout : IAsyncLifetime
{
    private readonly TemporaryDirectory _folder = new();

    /// <summary>Where the image's root is.</summary>
    public string Folder => _folder["image"];

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "root"));
        var dockerfile = Dockerfile.Read();
        var arguments = string.Concat(dockerfile.BuildArguments.Select(argument => $"{argument.Key}='{argument.Value}'\n"));
        foreach (var command in dockerfile.BuildCommands)
        {
            var here = command.Replace("/image/", $"{Folder}/", StringComparison.Ordinal).Replace(
                "dotnet publish", "dotnet publish --no-build --nologo --disable-build-servers", StringComparison.Ordinal);
            await Command.RunAsync("bash", "-euc", $"{arguments}{here}");
        }
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
