using Orleans.Pipeline.Packaging.Tests.Commands;

namespace Orleans.Pipeline.Packaging.Tests.Output;

[Collection(SdkCollection.Name)]
public sealed class SiloOutputTests
{
    [Fact]
    public async Task A_silo_ships_the_files_that_are_listed_and_no_others()
    {
        using var folder = new TemporaryDirectory();

        await Command.RunAsync("dotnet", [
            "publish", "samples/FirstSilo", "--configuration", "Release", "--no-build", "--nologo", "--disable-build-servers",
            "--output", folder["silo"],
        ]);

        SiloOutput.AssertListed(folder["silo"], _ => true);
    }

    [Fact]
    public void The_list_is_in_order_and_names_no_file_twice() =>
        Assert.Equal(SiloOutput.ReadList().Distinct().Order(StringComparer.Ordinal), SiloOutput.ReadList());

    [Theory]
    [InlineData("Microsoft.CodeAnalysis")]
    [InlineData("Humanizer")]
    [InlineData("System.Composition")]
    [InlineData("Microsoft.Extensions.AI")]
    [InlineData("Polly.dll")]
    [InlineData("runtimes/android")]
    [InlineData("runtimes/browser")]
    [InlineData("runtimes/ios")]
    public void No_silo_ships_what_it_never_loads(string beginning) =>
        Assert.DoesNotContain(SiloOutput.ReadList(), file => file.StartsWith(beginning, StringComparison.Ordinal));

    [Fact]
    public void A_file_more_and_a_file_less_are_named() =>
        Assert.Equal(
            """
            A silo ships 'New.dll', which is not in tests/Packaging/Output/files.txt: find the package that brings it, then leave it out or list it.
            A silo does not ship 'Old.dll', which is in tests/Packaging/Output/files.txt: bring it back, or take it from the list.
            """,
            SiloOutput.FindFaults(["Old.dll", "Same.dll"], ["New.dll", "Same.dll"]));
}
