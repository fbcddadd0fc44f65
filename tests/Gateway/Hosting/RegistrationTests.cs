using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Embedded;
using Orleans.Pipeline.FlowControl;

namespace Orleans.Pipeline.Gateway.Tests.Hosting;

/// <summary>What a host gets from the engine and the gateway, whichever was added first.</summary>
public sealed class RegistrationTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registration-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_admission_stands_before_one_log_in_either_order(bool engineFirst)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (engineFirst)
        {
            AddEngine(builder);
            builder.AddPipelineGateway();
        }
        else
        {
            builder.AddPipelineGateway();
            AddEngine(builder);
        }

        await using var app = builder.Build();

        Assert.Single(app.Services.GetServices<TopicAdmission>());
        Assert.Single(app.Services.GetServices<DeadLetterOperations>());
        Assert.Single(app.Services.GetServices<TimeProvider>());
        Assert.Same(Assert.Single(app.Services.GetServices<AdmittingTopicLog>()), Assert.Single(app.Services.GetServices<ITopicLog>()));
    }

    [Fact]
    public async Task The_database_opens_when_the_host_starts_and_not_before()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        AddEngine(builder);
        await using var app = builder.Build();
        var store = app.Services.GetRequiredService<ITopicStore>();

        var early = await Assert.ThrowsAsync<InvalidOperationException>(async () => await store.ListTopicsAsync());
        Assert.Contains("when the host starts", early.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));

        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        Assert.NotEmpty(await store.ListTopicsAsync());
    }

    private string Database => Path.Combine(_directory.FullName, "engine.db");

    private void AddEngine(WebApplicationBuilder builder) => builder.Services.AddEmbeddedPipelines(
        EmbeddedSettings.For(Database),
        pipelines => pipelines.Add("copy", pipeline => pipeline.From("in", partitions: 1).To(Sink.Topic("out"))));
}
