locals {
  # The label by which deploy/kubernetes distinguishes nodes.
  capacity_label = "orleans-pipeline/capacity"
}

resource "azurerm_user_assigned_identity" "kubernetes" {
  name                = "${var.name}-kubernetes"
  resource_group_name = azurerm_resource_group.this.name
  location            = azurerm_resource_group.this.location
  tags                = var.tags
}

resource "azurerm_role_assignment" "kubernetes_network" {
  scope                = azurerm_subnet.nodes.id
  role_definition_name = "Network Contributor"
  principal_id         = azurerm_user_assigned_identity.kubernetes.principal_id
}

resource "azurerm_kubernetes_cluster" "this" {
  name                      = var.name
  resource_group_name       = azurerm_resource_group.this.name
  location                  = azurerm_resource_group.this.location
  dns_prefix                = var.name
  kubernetes_version        = var.kubernetes_version
  sku_tier                  = "Standard"
  automatic_upgrade_channel = "patch"
  node_os_upgrade_channel   = "NodeImage"
  oidc_issuer_enabled       = true
  workload_identity_enabled = true
  local_account_disabled    = true
  tags                      = var.tags

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = true
    admin_group_object_ids = var.admin_group_ids
  }

  api_server_access_profile {
    authorized_ip_ranges = var.authorized_ip_ranges
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.kubernetes.id]
  }

  # Cilium enforces the NetworkPolicies of deploy/kubernetes.
  network_profile {
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"
  }

  # For the component keda of deploy/kubernetes.
  workload_autoscaler_profile {
    keda_enabled = true
  }

  default_node_pool {
    name                         = "system"
    vm_size                      = "Standard_D2ds_v5"
    vnet_subnet_id               = azurerm_subnet.nodes.id
    zones                        = var.zones
    auto_scaling_enabled         = true
    min_count                    = 2
    max_count                    = 3
    only_critical_addons_enabled = true
    temporary_name_for_rotation  = "systemtmp"

    upgrade_settings {
      max_surge = "33%"
    }
  }

  depends_on = [azurerm_role_assignment.kubernetes_network]
}

resource "azurerm_kubernetes_cluster_node_pool" "on_demand" {
  name                        = "ondemand"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.this.id
  vm_size                     = var.node_size
  vnet_subnet_id              = azurerm_subnet.nodes.id
  zones                       = var.zones
  auto_scaling_enabled        = true
  min_count                   = var.on_demand_nodes.min
  max_count                   = var.on_demand_nodes.max
  node_labels                 = { (local.capacity_label) = "on-demand" }
  temporary_name_for_rotation = "ondemandtmp"
  tags                        = var.tags

  upgrade_settings {
    max_surge = "33%"
  }
}

resource "azurerm_kubernetes_cluster_node_pool" "spot" {
  count = var.spot_nodes.max > 0 ? 1 : 0

  name                  = "spot"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.this.id
  vm_size               = var.node_size
  vnet_subnet_id        = azurerm_subnet.nodes.id
  zones                 = var.zones
  priority              = "Spot"
  eviction_policy       = "Delete"
  spot_max_price        = var.spot_max_price
  auto_scaling_enabled  = true
  min_count             = var.spot_nodes.min
  max_count             = var.spot_nodes.max
  tags                  = var.tags

  # AKS puts its own label and taint on spot nodes. They are named here so that no plan removes them.
  node_labels = {
    (local.capacity_label)                  = "spot"
    "kubernetes.azure.com/scalesetpriority" = "spot"
  }
  node_taints = [
    "${local.capacity_label}=spot:NoSchedule",
    "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
  ]
}
