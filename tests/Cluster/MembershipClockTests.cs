using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Silo;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>The clock of a silo's membership.</summary>
public sealed class MembershipClockTests
{
    [Fact]
    public async Task A_timestamp_that_was_never_set_is_as_old_as_the_silo_and_not_as_the_machine()
    {
        var folder = Directory.CreateTempSubdirectory("clock-");
        var builder = WebApplication.CreateBuilder(["--Silo:Database", Path.Combine(folder.FullName, "pipeline.db")]);
        builder.AddPipelineSilo(Numbers.Define);
        await using (var host = builder.Build())
        {
            var clock = host.Services.GetRequiredKeyedService<TimeProvider>(TimeProviderNames.Membership);

            Assert.InRange(clock.GetElapsedTime(0), TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.InRange(clock.GetUtcNow(), DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow);
        }

        folder.Delete(recursive: true);
    }
}
