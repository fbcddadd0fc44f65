using Orleans.Pipeline.Packaging.Tests.Node;

namespace Orleans.Pipeline.Packaging.Tests.Terraform;

/// <summary>The module and its example, read once; null where they cannot be read.</summary>
public sealed class TerraformModules : IAsyncLifetime
{
    /// <summary>Where the module is.</summary>
    public static string[] AzurePath { get; } = ["deploy", "terraform", "azure"];

    /// <summary>Where its example is.</summary>
    public static string[] ExamplePath { get; } = [.. AzurePath, "examples", "complete"];

    /// <summary>The module.</summary>
    internal TerraformModule? Azure { get; private set; }

    /// <summary>The example, which uses it.</summary>
    internal TerraformModule? Example { get; private set; }

    public async Task InitializeAsync()
    {
        if (NodeTools.Missing is null)
        {
            Azure = await TerraformModule.ReadAsync(AzurePath);
            Example = await TerraformModule.ReadAsync(ExamplePath);
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
