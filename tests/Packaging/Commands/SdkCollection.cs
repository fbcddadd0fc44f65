namespace Orleans.Pipeline.Packaging.Tests.Commands;

/// <summary>
/// Tests that pack and publish projects of the repository: one at a time, since they share the projects' intermediate files.
/// </summary>
[CollectionDefinition(Name)]
public sealed class SdkCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "SDK";
}
